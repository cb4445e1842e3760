package arena.engine;

import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.queues.QueueException;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** What may be done to one execution on 1.3. */
@Controller(Tenant.BASE + "/executions/{id}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ActionsApi {
    private final ExecutionRepositoryInterface repository;
    private final ExecutionStore store;

    ActionsApi(ExecutionRepositoryInterface repository, ExecutionStore store) {
        this.repository = repository;
        this.store = store;
    }

    @Delete("/kill{?isOnKillCascade}")
    HttpResponse<?> kill(String id, @QueryValue(defaultValue = "true") boolean isOnKillCascade) throws QueueException {
        store.kill(find(id), isOnKillCascade);
        return HttpResponse.accepted();
    }

    private Execution find(String id) {
        return repository.findById(Tenant.ID, id).orElseThrow(NotFoundException::new);
    }
}
