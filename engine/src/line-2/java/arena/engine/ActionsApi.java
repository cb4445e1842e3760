package arena.engine;

import io.kestra.core.exceptions.ConflictException;
import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.executor.command.ForceRun;
import io.kestra.core.executor.command.Pause;
import io.kestra.core.executor.command.Replay;
import io.kestra.core.executor.command.Restart;
import io.kestra.core.executor.command.Resume;
import io.kestra.core.executor.command.UpdateLabels;
import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.services.ExecutionService;
import io.kestra.core.utils.IdUtils;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.http.server.multipart.MultipartBody;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** What may be done to one execution on 2.x: each answers the execution once the executor has taken it up. */
@Controller(Tenant.BASE + "/executions/{id}/actions")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
final class ActionsApi {
    private final ExecutionRepositoryInterface repository;
    private final ExecutionStore store;
    private final ExecutionService service;
    private final FlowRepositoryInterface flows;

    ActionsApi(
        ExecutionRepositoryInterface repository,
        ExecutionStore store,
        ExecutionService service,
        FlowRepositoryInterface flows
    ) {
        this.repository = repository;
        this.store = store;
        this.service = service;
        this.flows = flows;
    }

    /** {@code text/json}, as 2.0 really answers. */
    @Delete("/kill")
    HttpResponse<?> kill(String id, @QueryValue(defaultValue = "true") boolean isOnKillCascade) throws TimeoutException {
        return answer(store.kill(find(id), isOnKillCascade)).contentType(MediaType.TEXT_JSON_TYPE);
    }

    @Post("/pause")
    HttpResponse<?> pause(String id) throws TimeoutException {
        Execution execution = find(id);
        return answer(store.act(id, operation -> Pause.from(execution).withOperationId(operation)));
    }

    @Post("/resume")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    HttpResponse<?> resume(String id, @Nullable @Body MultipartBody inputs) throws TimeoutException {
        Execution execution = find(id);
        if (!execution.getState().isPaused()) {
            throw new ConflictException("Execution '" + id + "' is not paused, can't resume it");
        }
        Flow flow = flows.findByExecutionWithoutAcl(execution);
        Map<String, Object> values = inputs == null ? Map.of() : service.readInputs(execution, flow, inputs).block();
        Resume resume = Resume.from(execution, io.kestra.plugin.core.flow.Pause.Resumed.now(), values);
        return answer(store.act(id, resume::withOperationId));
    }

    @Post("/restart")
    HttpResponse<?> restart(String id, @QueryValue Optional<Integer> revision) throws TimeoutException {
        Restart restart = Restart.from(find(id), revision.orElse(null));
        return answer(store.act(id, restart::withOperationId));
    }

    /** A new execution: its id is new, the old one is its parent. */
    @Post("/replay")
    HttpResponse<?> replay(
        String id,
        @QueryValue @Nullable String taskRunId,
        @QueryValue Optional<Integer> revision,
        @QueryValue @Nullable String breakpoints
    ) throws TimeoutException {
        String replayId = IdUtils.create();
        Replay replay = Replay.from(find(id), replayId, taskRunId, revision.orElse(null), breakpoints);
        return answer(store.act(replayId, replay::withOperationId));
    }

    /** Replaces every label but the system's. */
    @Post("/labels")
    @Consumes(MediaType.APPLICATION_JSON)
    HttpResponse<?> labels(String id, @Body List<Label> labels) throws TimeoutException {
        Execution execution = find(id);
        if (!execution.getState().isTerminated()) {
            throw new HttpStatusException(HttpStatus.BAD_REQUEST, "The execution is not terminated");
        }
        UpdateLabels update = UpdateLabels.from(execution, Labels.replaced(execution, labels));
        return answer(store.act(id, update::withOperationId));
    }

    @Post("/force-run")
    HttpResponse<?> forceRun(String id) throws TimeoutException {
        ForceRun forceRun = ForceRun.from(find(id));
        return answer(store.act(id, forceRun::withOperationId));
    }

    private Execution find(String id) {
        return repository.findById(Tenant.ID, id).orElseThrow(NotFoundException::new);
    }

    private static MutableHttpResponse<?> answer(Execution execution) {
        return Json.ok(Shape.acted(execution));
    }
}
