package arena.engine;

import io.kestra.core.models.executions.LogEntry;
import io.kestra.core.services.ExecutionLogService;
import io.kestra.core.services.LogStreamingService;
import io.kestra.core.utils.IdUtils;
import io.micronaut.http.HttpParameters;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.sse.Event;
import jakarta.inject.Singleton;
import java.util.List;
import org.slf4j.event.Level;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Schedulers;

/** Logs on 1.3: {@code minLevel=WARN&taskId=…}; {@code filters[…]} are ignored. */
@Singleton
final class LogStore {
    private final ExecutionLogService logs;
    private final LogStreamingService streaming;

    LogStore(ExecutionLogService logs, LogStreamingService streaming) {
        this.logs = logs;
        this.streaming = streaming;
    }

    List<LogEntry> find(HttpRequest<?> request, String executionId) {
        HttpParameters parameters = request.getParameters();
        List<String> taskIds = parameters.getAll("taskId");
        return logs.getExecutionLogs(
            Tenant.ID,
            executionId,
            minLevel(request),
            parameters.get("taskRunId"),
            taskIds.isEmpty() ? null : taskIds,
            parameters.get("attempt", Integer.class).orElse(null),
            true);
    }

    Flux<Event<String>> follow(HttpRequest<?> request, String executionId) {
        List<String> levels = LogEntry.findLevelsByMin(minLevel(request)).stream().map(Level::name).toList();
        String subscriber = IdUtils.create();
        return Flux.<Event<LogEntry>>create(sink -> {
                sink.next(Event.of(LogEntry.builder().build()).id("start"));
                streaming.registerSubscriber(executionId, subscriber, sink, levels);
                find(request, executionId).forEach(log -> sink.next(Event.of(log).id("progress")));
            }, FluxSink.OverflowStrategy.BUFFER)
            .subscribeOn(Schedulers.boundedElastic())
            .doFinally(signal -> streaming.unregisterSubscriber(executionId, subscriber))
            .map(event -> Event.of(Json.text(event.getData())).id(event.getId()));
    }

    private static Level minLevel(HttpRequest<?> request) {
        String level = request.getParameters().get("minLevel");
        return level == null ? null : Level.valueOf(level);
    }
}
