package arena.engine;

import io.kestra.core.models.QueryFilter;
import io.kestra.core.runners.FollowLogEvent;
import io.kestra.core.services.FollowLogEventMatcher;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import org.slf4j.event.Level;

/** The filters of a followed log; in Kestra this lives in the webserver, which is not on Maven Central. */
@Singleton
final class LogFilter implements FollowLogEventMatcher {
    @Override
    public boolean matches(FollowLogEvent event, List<QueryFilter> filters) {
        return filters.stream().allMatch(filter -> matches(event, filter));
    }

    private static boolean matches(FollowLogEvent event, QueryFilter filter) {
        return switch (filter.field()) {
            case LEVEL -> event.level().toInt() >= Level.valueOf(filter.value().toString()).toInt();
            case TASK_ID -> matches(event.taskId(), filter);
            case TASK_RUN_ID -> matches(event.taskRunId(), filter);
            case ATTEMPT_NUMBER -> matches(String.valueOf(event.attemptNumber()), filter);
            default -> true;
        };
    }

    private static boolean matches(String value, QueryFilter filter) {
        return switch (filter.operation()) {
            case EQUALS -> Objects.equals(value, filter.value());
            case NOT_EQUALS -> !Objects.equals(value, filter.value());
            case IN -> ((List<?>) filter.value()).contains(value);
            case NOT_IN -> !((List<?>) filter.value()).contains(value);
            case CONTAINS -> value != null && value.contains(filter.value().toString());
            case STARTS_WITH -> value != null && value.startsWith(filter.value().toString());
            case ENDS_WITH -> value != null && value.endsWith(filter.value().toString());
            default -> throw new IllegalArgumentException("Unsupported operation " + filter.operation());
        };
    }
}
