package arena.engine;

import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.executions.LogEntry;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.reactivestreams.Publisher;

/** Logs of an execution; the filters are each line's own. */
@Controller(Tenant.BASE + "/logs/{executionId}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class LogsApi {
    private final ExecutionRepositoryInterface executions;
    private final LogStore logs;

    LogsApi(ExecutionRepositoryInterface executions, LogStore logs) {
        this.executions = executions;
        this.logs = logs;
    }

    @Get
    HttpResponse<?> list(HttpRequest<?> request, String executionId) {
        return Json.ok(logs.find(request, executionId));
    }

    @Get("/download")
    HttpResponse<?> download(HttpRequest<?> request, String executionId) {
        executions.findById(Tenant.ID, executionId).orElseThrow(NotFoundException::new);
        String text = logs.find(request, executionId).stream()
            .map(LogEntry::toPrettyString)
            .collect(Collectors.joining("\n"));
        return HttpResponse.ok(text.getBytes(StandardCharsets.UTF_8))
            .contentType(MediaType.TEXT_PLAIN_TYPE)
            .header("Content-Disposition", "attachment; filename=\"" + executionId + ".log\"");
    }

    /** Never ends by itself, and is silent on an unknown id: as on the server. */
    @Get("/follow")
    @Produces(MediaType.TEXT_EVENT_STREAM)
    Publisher<Event<String>> follow(HttpRequest<?> request, String executionId) {
        return logs.follow(request, executionId);
    }
}
