package arena.engine;

import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.concurrent.TimeoutException;

/** What may be done to one execution on 2.x. */
@Controller(Tenant.BASE + "/executions/{id}/actions")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ActionsApi {
    private final ExecutionRepositoryInterface repository;
    private final ExecutionStore store;

    ActionsApi(ExecutionRepositoryInterface repository, ExecutionStore store) {
        this.repository = repository;
        this.store = store;
    }

    /** {@code text/json}, as 2.0 really answers. */
    @Delete("/kill{?isOnKillCascade}")
    HttpResponse<?> kill(String id, @QueryValue(defaultValue = "true") boolean isOnKillCascade) throws TimeoutException {
        return Json.ok(Shape.acted(store.kill(find(id), isOnKillCascade))).contentType(MediaType.TEXT_JSON_TYPE);
    }

    private Execution find(String id) {
        return repository.findById(Tenant.ID, id).orElseThrow(NotFoundException::new);
    }
}
