package arena.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.exceptions.InternalException;
import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.TaskRun;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.repositories.TaskOutputRepositoryInterface;
import io.kestra.core.services.ExecutionOutputService;
import io.kestra.core.services.TaskOutputService;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Outputs left the execution in 2.x and have routes of their own. */
@Controller(Tenant.BASE + "/outputs")
@ExecuteOn(TaskExecutors.BLOCKING)
final class OutputsApi {
    private final ExecutionRepositoryInterface executions;
    private final ExecutionOutputService executionOutputs;
    private final TaskOutputService taskOutputs;
    private final TaskOutputRepositoryInterface taskOutputRows;

    OutputsApi(
        ExecutionRepositoryInterface executions,
        ExecutionOutputService executionOutputs,
        TaskOutputService taskOutputs,
        TaskOutputRepositoryInterface taskOutputRows
    ) {
        this.executions = executions;
        this.executionOutputs = executionOutputs;
        this.taskOutputs = taskOutputs;
        this.taskOutputRows = taskOutputRows;
    }

    /** 404 for none yet, none at all and an unknown execution alike: as on the server. */
    @Get("/executions/{executionId}")
    HttpResponse<?> ofExecution(String executionId) throws InternalException {
        Map<String, Object> outputs = executionOutputs.getOutputs(find(executionId));
        if (outputs == null) {
            throw new NotFoundException();
        }
        return Json.ok(outputs);
    }

    @Get("/tasks/{executionId}")
    HttpResponse<?> ofTasks(String executionId) {
        ArrayNode list = Json.MAPPER.createArrayNode();
        Optional<Execution> execution = executions.findById(Tenant.ID, executionId);
        execution.map(taskOutputRows::findByExecution).orElse(List.of()).forEach(output ->
            taskRuns(execution.get()).stream()
                .filter(taskRun -> taskRun.getId().equals(output.taskRunId()))
                .findFirst()
                .ifPresent(taskRun -> list.add(entry(taskRun, output.uri() == null))));
        return Json.ok(list);
    }

    @Get("/tasks/{executionId}/{taskRunId}")
    HttpResponse<?> ofTask(String executionId, String taskRunId) throws InternalException {
        TaskRun taskRun = taskRuns(find(executionId)).stream()
            .filter(candidate -> candidate.getId().equals(taskRunId))
            .findFirst()
            .orElseThrow(NotFoundException::new);
        return Json.ok(taskOutputs.getOutputs(taskRun));
    }

    private Execution find(String executionId) {
        return executions.findById(Tenant.ID, executionId).orElseThrow(NotFoundException::new);
    }

    private static List<TaskRun> taskRuns(Execution execution) {
        return execution.getTaskRunList() == null ? List.of() : execution.getTaskRunList();
    }

    private static ObjectNode entry(TaskRun taskRun, boolean isInline) {
        ObjectNode entry = Json.MAPPER.createObjectNode()
            .put("taskId", taskRun.getTaskId())
            .put("taskRunId", taskRun.getId());
        if (taskRun.getValue() != null) {
            entry.put("value", taskRun.getValue());
        }
        if (taskRun.getIteration() != null) {
            entry.put("iteration", taskRun.getIteration());
        }
        return entry.put("inline", isInline);
    }
}
