package arena.engine;

import io.kestra.core.models.executions.MetricEntry;
import io.kestra.core.repositories.ArrayListTotal;
import io.kestra.core.repositories.MetricRepositoryInterface;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Map;
import java.util.function.Function;

/** What the tasks of an execution counted. */
@Controller(Tenant.BASE + "/metrics/{executionId}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class MetricsApi {
    private final MetricRepositoryInterface metrics;

    MetricsApi(MetricRepositoryInterface metrics) {
        this.metrics = metrics;
    }

    @Get
    HttpResponse<?> list(HttpRequest<?> request, String executionId) {
        ArrayListTotal<MetricEntry> page =
            metrics.findByExecutionId(Tenant.ID, executionId, Query.page(request, Function.identity()));
        return Json.ok(Map.of("results", page, "total", page.getTotal()));
    }
}
