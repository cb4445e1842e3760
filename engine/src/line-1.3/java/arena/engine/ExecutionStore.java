package arena.engine;

import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.ExecutionKilled;
import io.kestra.core.models.executions.ExecutionKilledExecution;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.input.InputAndValue;
import io.kestra.core.queues.QueueException;
import io.kestra.core.queues.QueueFactoryInterface;
import io.kestra.core.queues.QueueInterface;
import io.kestra.core.runners.FlowInputOutput;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.multipart.CompletedPart;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** What changes an execution on 1.3: an event on its queue, answered before it was taken up. */
@Singleton
final class ExecutionStore {
    private final FlowInputOutput inputs;
    private final QueueInterface<Execution> executions;
    private final QueueInterface<ExecutionKilled> kills;

    ExecutionStore(
        FlowInputOutput inputs,
        @Named(QueueFactoryInterface.EXECUTION_NAMED) QueueInterface<Execution> executions,
        @Named(QueueFactoryInterface.KILL_NAMED) QueueInterface<ExecutionKilled> kills
    ) {
        this.inputs = inputs;
        this.executions = executions;
        this.kills = kills;
    }

    Execution start(Flow flow, Start start) throws QueueException {
        Optional<ZonedDateTime> date = Optional.ofNullable(start.scheduleDate()).map(it -> it.atZone(ZoneOffset.UTC));
        Execution blank = Execution.newExecution(flow, null, Labels.fromApi(start.labels()), date, start.kind());
        Map<String, Object> values = start.inputs() == null
            ? inputs.readExecutionInputs(flow, blank, Map.of())
            : inputs.readExecutionInputs(flow, blank, start.inputs()).block();
        Execution execution = blank.withInputs(values);
        if (!start.breakpoints().isEmpty()) {
            execution = execution.withBreakpoints(start.breakpoints());
        }
        executions.emit(execution);
        return execution;
    }

    List<InputAndValue> validate(Flow flow, List<Label> labels, @Nullable Publisher<CompletedPart> parts) {
        Execution execution = Execution.newExecution(flow, labels);
        return inputs.validateExecutionInputs(flow.getInputs(), flow, execution, parts == null ? Mono.empty() : parts)
            .block();
    }

    /** {@code operation} is a notion of 2.x alone. */
    void emitKill(Execution execution, boolean isCascading, @Nullable String operation) throws QueueException {
        kills.emit(ExecutionKilledExecution.builder()
            .state(ExecutionKilled.State.REQUESTED)
            .executionId(execution.getId())
            .tenantId(execution.getTenantId())
            .isOnKillCascade(isCascading)
            .build());
    }

    void emit(Execution execution) throws QueueException {
        executions.emit(execution);
    }
}
