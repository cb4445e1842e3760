package arena.engine;

import io.kestra.core.async.AsyncOperationProcessedEvent;
import io.kestra.core.async.AsyncOperationsConfiguration;
import io.kestra.core.exceptions.ConflictException;
import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.executor.command.Create;
import io.kestra.core.executor.command.ExecutionCommand;
import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.ExecutionId;
import io.kestra.core.models.executions.ExecutionKilled;
import io.kestra.core.models.executions.ExecutionKilledExecution;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.State;
import io.kestra.core.models.flows.input.InputAndValue;
import io.kestra.core.queues.BroadcastQueueInterface;
import io.kestra.core.queues.DispatchQueueInterface;
import io.kestra.core.queues.QueueException;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.runners.FlowInputOutput;
import io.kestra.core.services.AsyncOperationWaiter;
import io.kestra.core.services.LabelService;
import io.kestra.core.utils.IdUtils;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.multipart.CompletedPart;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** What changes an execution on 2.x: a command to the executor, confirmed before it is answered. */
@Singleton
final class ExecutionStore {
    private final ExecutionRepositoryInterface repository;
    private final FlowInputOutput inputs;
    private final DispatchQueueInterface<ExecutionCommand> commands;
    private final BroadcastQueueInterface<ExecutionKilled> kills;
    private final AsyncOperationWaiter waiter;
    private final AsyncOperationsConfiguration waiting;

    ExecutionStore(
        ExecutionRepositoryInterface repository,
        FlowInputOutput inputs,
        DispatchQueueInterface<ExecutionCommand> commands,
        BroadcastQueueInterface<ExecutionKilled> kills,
        AsyncOperationWaiter waiter,
        AsyncOperationsConfiguration waiting
    ) {
        this.repository = repository;
        this.inputs = inputs;
        this.commands = commands;
        this.kills = kills;
        this.waiter = waiter;
        this.waiting = waiting;
    }

    Execution start(Flow flow, Start start) throws TimeoutException {
        String id = IdUtils.create();
        List<Label> labels = Labels.fromApi(start.labels());
        Map<String, Object> values = start.inputs() == null
            ? inputs.readExecutionInputs(flow, id, Map.of())
            : inputs.readExecutionInputs(flow, id, labels, start.inputs()).block();
        Create create = Create.of(new ExecutionId(flow, id))
            .withLabels(labels)
            .withInputs(values)
            .withScheduleDate(start.scheduleDate())
            .withKind(start.kind())
            .withBreakpoints(start.breakpoints().isEmpty() ? null : start.breakpoints());
        return confirmed(id, operation -> send(create.withOperationId(operation)));
    }

    List<InputAndValue> validate(Flow flow, List<Label> labels, @Nullable Publisher<CompletedPart> parts) {
        Execution execution = Execution.builder()
            .id(IdUtils.create())
            .tenantId(flow.getTenantId())
            .namespace(flow.getNamespace())
            .flowId(flow.getId())
            .flowRevision(flow.getRevision())
            .state(new State())
            .labels(LabelService.forExecution(flow, labels, "validate"))
            .build();
        return inputs.validateExecutionInputs(flow.getInputs(), flow, execution, parts == null ? Mono.empty() : parts)
            .block();
    }

    /** An execution that has ended is answered as it is. */
    Execution kill(Execution execution, boolean isCascading) throws TimeoutException {
        if (execution.getState().isTerminated()) {
            return execution;
        }
        return confirmed(execution.getId(), operation -> emitKill(execution, isCascading, operation));
    }

    /** Sends {@code command} and answers the execution as it is once the executor has taken it up. */
    Execution act(String id, Function<String, ExecutionCommand> command) throws TimeoutException {
        return confirmed(id, operation -> send(command.apply(operation)));
    }

    void send(ExecutionCommand command) {
        try {
            commands.emit(command);
        } catch (QueueException failure) {
            throw new IllegalArgumentException(failure);
        }
    }

    void emitKill(Execution execution, boolean isCascading, String operation) {
        try {
            kills.emit(ExecutionKilledExecution.builder()
                .state(ExecutionKilled.State.REQUESTED)
                .executionId(execution.getId())
                .tenantId(execution.getTenantId())
                .isOnKillCascade(isCascading)
                .operationId(operation)
                .build());
        } catch (QueueException failure) {
            throw new IllegalArgumentException(failure);
        }
    }

    private Execution confirmed(String id, Consumer<String> submit) throws TimeoutException {
        AsyncOperationProcessedEvent event = waiter.submitAndWait(id, submit, waiting.waitTimeout());
        if (event.outcome() == AsyncOperationProcessedEvent.Outcome.FAILED) {
            throw new ConflictException(event.error());
        }
        return repository.findById(Tenant.ID, id).orElseThrow(NotFoundException::new);
    }
}
