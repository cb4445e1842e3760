package arena.engine;

import io.kestra.core.models.QueryFilter;
import io.kestra.core.models.executions.LogEntry;
import io.kestra.core.repositories.LogDataStoreInterface;
import io.kestra.core.runners.FollowLogEvent;
import io.kestra.core.services.LogStreamingService;
import io.kestra.core.utils.IdUtils;
import io.micronaut.data.model.Pageable;
import io.micronaut.data.model.Sort;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.sse.Event;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Schedulers;

/** Logs on 2.x: {@code filters[level][GREATER_THAN_OR_EQUAL_TO]=WARN}; the flat parameters are ignored. */
@Singleton
final class LogStore {
    private static final Pageable ALL = Pageable.UNPAGED.withSort(Sort.of(Sort.Order.asc("timestamp")));

    private final LogDataStoreInterface logs;
    private final LogStreamingService streaming;

    LogStore(LogDataStoreInterface logs, LogStreamingService streaming) {
        this.logs = logs;
        this.streaming = streaming;
    }

    List<LogEntry> find(HttpRequest<?> request, String executionId) {
        List<QueryFilter> filters = Query.filters(request);
        QueryFilter.validateQueryFilters(filters, QueryFilter.Resource.LOG);
        return find(filters, executionId);
    }

    Flux<Event<String>> follow(HttpRequest<?> request, String executionId) {
        List<QueryFilter> filters = Query.filters(request);
        QueryFilter.validateQueryFilters(filters, QueryFilter.Resource.LOG);
        String subscriber = IdUtils.create();
        return Flux.<Event<FollowLogEvent>>create(sink -> {
                sink.next(Event.of(FollowLogEvent.from(LogEntry.builder().build())).id("start"));
                streaming.registerSubscriber(executionId, subscriber, sink, filters);
                find(filters, executionId).forEach(log -> sink.next(Event.of(FollowLogEvent.from(log)).id("progress")));
            }, FluxSink.OverflowStrategy.BUFFER)
            .subscribeOn(Schedulers.boundedElastic())
            .doFinally(signal -> streaming.unregisterSubscriber(executionId, subscriber))
            .map(event -> Event.of(Json.text(event.getData())).id(event.getId()));
    }

    private List<LogEntry> find(List<QueryFilter> filters, String executionId) {
        List<QueryFilter> all = new ArrayList<>(filters);
        all.add(QueryFilter.builder()
            .field(QueryFilter.Field.EXECUTION_ID)
            .operation(QueryFilter.Op.EQUALS)
            .value(executionId)
            .build());
        return List.copyOf(logs.find(ALL, Tenant.ID, all).getContent());
    }
}
