package arena.engine;

import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.services.ExecutionStreamingService;
import io.kestra.core.utils.IdUtils;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.http.sse.Event;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Schedulers;

/** Server-sent events of one execution: {@code start} (a stub), {@code progress}, {@code end}. */
@Singleton
final class Follow {
    private static final Duration LIMIT_TO_APPEAR = Duration.ofSeconds(10);

    private final ExecutionRepositoryInterface executions;
    private final FlowRepositoryInterface flows;
    private final ExecutionStreamingService streaming;

    Follow(ExecutionRepositoryInterface executions, FlowRepositoryInterface flows, ExecutionStreamingService streaming) {
        this.executions = executions;
        this.flows = flows;
        this.streaming = streaming;
    }

    Flux<Event<String>> events(String id) {
        return executions(id).map(event -> {
            Execution execution = event.getData();
            boolean isStub = event.getId().equals("start");
            return Event.of(Json.text(isStub ? execution : Shape.streamed(execution))).id(event.getId());
        });
    }

    /** Holds the caller until the execution ends. */
    Execution untilEnd(String id) {
        return executions(id).last().map(Event::getData).block();
    }

    private Flux<Event<Execution>> executions(String id) {
        String subscriber = IdUtils.create();
        return Flux.<Event<Execution>>create(sink -> open(id, subscriber, sink), FluxSink.OverflowStrategy.BUFFER)
            .subscribeOn(Schedulers.boundedElastic())
            .doFinally(signal -> streaming.unregisterSubscriber(id, subscriber));
    }

    private void open(String id, String subscriber, FluxSink<Event<Execution>> sink) {
        sink.next(Event.of(Execution.builder().id(id).build()).id("start"));
        // The subscribing thread may be a queue's, which carries a connection that is closed by now.
        try (PropagatedContext.Scope ignored = PropagatedContext.empty().propagate()) {
            Execution found = awaitExecution(id);
            Flow flow = flows.findByExecutionWithoutAcl(found);
            // Registered before the state is read again: a change between the two is told, not lost.
            streaming.registerSubscriber(id, subscriber, sink, flow);
            Execution present = executions.findById(Tenant.ID, id).orElse(found);
            if (streaming.isStopFollow(flow, present)) {
                sink.next(Event.of(present).id("end"));
                sink.complete();
            } else {
                sink.next(Event.of(present).id("progress"));
            }
        }
    }

    /** Like the server: the stream of an unknown id starts, and breaks after ten seconds. */
    private Execution awaitExecution(String id) {
        Instant end = Instant.now().plus(LIMIT_TO_APPEAR);
        while (Instant.now().isBefore(end)) {
            var found = executions.findById(Tenant.ID, id);
            if (found.isPresent()) {
                return found.get();
            }
            pause();
        }
        throw new NotFoundException("Unable to find the execution " + id);
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
