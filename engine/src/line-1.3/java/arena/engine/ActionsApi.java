package arena.engine;

import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.State;
import io.kestra.core.queues.QueueException;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.services.ExecutionService;
import io.kestra.plugin.core.flow.Pause;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
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
import java.util.Optional;
import reactor.core.publisher.Mono;

/** What may be done to one execution on 1.3. */
@Controller(Tenant.BASE + "/executions/{id}")
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

    /** Also of an execution that has ended, without a word. */
    @Delete("/kill")
    HttpResponse<?> kill(String id, @QueryValue(defaultValue = "true") boolean isOnKillCascade) throws QueueException {
        store.emitKill(find(id), isOnKillCascade, null);
        return HttpResponse.accepted();
    }

    @Post("/pause")
    HttpResponse<?> pause(String id) throws Exception {
        store.emit(service.pause(find(id)));
        return HttpResponse.ok();
    }

    @Post("/resume")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    HttpResponse<?> resume(String id, @Nullable @Body MultipartBody inputs) throws QueueException {
        find(id);
        Execution execution = service.getExecutionIfPause(Tenant.ID, id, true);
        Flow flow = flows.findByExecutionWithoutAcl(execution);
        store.emit(service
            .resume(execution, flow, State.Type.RUNNING, inputs == null ? Mono.empty() : inputs, Pause.Resumed.now())
            .block());
        return HttpResponse.noContent();
    }

    @Post("/restart")
    HttpResponse<?> restart(String id, @QueryValue Optional<Integer> revision) throws Exception {
        return answer(service.restart(find(id), revision.orElse(null)));
    }

    /** A new execution: its id is new, the old one is its parent. */
    @Post("/replay")
    HttpResponse<?> replay(
        String id, @QueryValue @Nullable String taskRunId, @QueryValue Optional<Integer> revision
    ) throws Exception {
        Execution execution = find(id);
        Flow flow = flows.findByExecutionWithoutAcl(execution);
        return answer(service.replay(execution, flow, taskRunId, revision.orElse(null)));
    }

    /** Replaces every label but the system's. */
    @Post("/labels")
    @Consumes(MediaType.APPLICATION_JSON)
    HttpResponse<?> labels(String id, @Body List<Label> labels) {
        Execution execution = find(id);
        if (!execution.getState().isTerminated()) {
            throw new HttpStatusException(HttpStatus.BAD_REQUEST, "The execution is not terminated");
        }
        Execution labelled = execution.withLabels(Labels.replaced(execution, labels));
        return Json.ok(Shape.acted(repository.update(labelled)));
    }

    @Post("/force-run")
    HttpResponse<?> forceRun(String id) throws Exception {
        return answer(service.forceRun(find(id)));
    }

    private HttpResponse<?> answer(Execution changed) throws QueueException {
        store.emit(changed);
        return Json.ok(Shape.acted(changed));
    }

    private Execution find(String id) {
        return repository.findById(Tenant.ID, id).orElseThrow(NotFoundException::new);
    }
}
