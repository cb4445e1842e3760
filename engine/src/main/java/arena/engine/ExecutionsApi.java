package arena.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.debug.Breakpoint;
import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.ExecutionKind;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.repositories.ArrayListTotal;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.repositories.ExecutionRepositoryInterface.FlowFilter;
import io.kestra.core.services.ExecutionService;
import io.kestra.core.services.FlowService;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.multipart.MultipartBody;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reactivestreams.Publisher;

/** Starting, reading, searching and following executions: the same paths on both lines. */
@Controller(Tenant.BASE + "/executions")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ExecutionsApi {
    private final ExecutionRepositoryInterface repository;
    private final ExecutionStore store;
    private final FlowService flows;
    private final ExecutionService executions;
    private final Follow follow;
    private final String url;

    ExecutionsApi(
        ExecutionRepositoryInterface repository,
        ExecutionStore store,
        FlowService flows,
        ExecutionService executions,
        Follow follow,
        @Value("${kestra.url}") String url
    ) {
        this.repository = repository;
        this.store = store;
        this.flows = flows;
        this.executions = executions;
        this.follow = follow;
        this.url = url;
    }

    @Post("/{namespace}/{flowId}")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    HttpResponse<?> create(
        HttpRequest<?> request,
        String namespace,
        String flowId,
        @Nullable @Body MultipartBody inputs,
        @QueryValue Optional<Integer> revision,
        @QueryValue(defaultValue = "false") boolean wait
    ) throws Exception {
        Flow flow = flows.getFlowIfExecutableOrThrow(Tenant.ID, namespace, flowId, revision);
        Execution started = store.start(flow, new Start(
            Labels.of(request), inputs, scheduleDate(request), kind(request), breakpoints(request)));
        Execution answered = wait ? follow.untilEnd(started.getId()) : started;
        String page = "%s/ui/%s/executions/%s/%s/%s".formatted(url, Tenant.ID, namespace, flowId, started.getId());
        return Json.ok(Shape.acted(answered).put("url", page));
    }

    @Post("/{namespace}/{flowId}/validate")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    HttpResponse<?> validate(
        HttpRequest<?> request,
        String namespace,
        String flowId,
        @Nullable @Body MultipartBody inputs,
        @QueryValue Optional<Integer> revision
    ) {
        Flow flow = flows.getFlowIfExecutableOrThrow(Tenant.ID, namespace, flowId, revision);
        return Json.ok(InputValidation.of(flow, store.validate(flow, Labels.of(request), inputs), flows));
    }

    @Get("/{id}")
    HttpResponse<?> get(String id) {
        return Json.ok(Shape.fetched(repository.findById(Tenant.ID, id).orElseThrow(NotFoundException::new)));
    }

    @Get("/search")
    HttpResponse<?> search(HttpRequest<?> request) {
        ArrayListTotal<Execution> page =
            repository.find(Query.page(request, repository.sortMapping()), Tenant.ID, Query.filters(request));
        return Json.ok(Map.of("results", page.stream().map(Shape::found).toList(), "total", page.getTotal()));
    }

    @Post("/latest")
    HttpResponse<?> latest(@Body List<FlowFilter> flows) {
        List<ObjectNode> latest = repository.lastExecutions(Tenant.ID, flows).stream()
            .map(execution -> Json.MAPPER.createObjectNode()
                .put("id", execution.getId())
                .put("flowId", execution.getFlowId())
                .put("namespace", execution.getNamespace())
                .putPOJO("startDate", execution.getState().getStartDate())
                .put("status", execution.getState().getCurrent().name()))
            .toList();
        return Json.ok(latest);
    }

    @Delete("/{id}")
    HttpResponse<?> delete(
        String id,
        @QueryValue(defaultValue = "true") boolean deleteLogs,
        @QueryValue(defaultValue = "true") boolean deleteMetrics,
        @QueryValue(defaultValue = "true") boolean deleteStorage
    ) throws IOException {
        Execution execution = repository.findById(Tenant.ID, id).orElseThrow(NotFoundException::new);
        executions.delete(execution, deleteLogs, deleteMetrics, deleteStorage);
        return HttpResponse.noContent();
    }

    @Get("/{id}/follow")
    @Produces(MediaType.TEXT_EVENT_STREAM)
    Publisher<Event<String>> follow(String id) {
        return follow.events(id);
    }

    /** Kestra ignores a date that it cannot read, and runs the flow at once: so does this. */
    private static @Nullable Instant scheduleDate(HttpRequest<?> request) {
        try {
            return request.getParameters().get("scheduleDate", String.class)
                .map(date -> ZonedDateTime.parse(date).toInstant())
                .orElse(null);
        } catch (DateTimeParseException unreadable) {
            return null;
        }
    }

    /** An unknown kind is ignored too. */
    private static @Nullable ExecutionKind kind(HttpRequest<?> request) {
        String name = request.getParameters().get("kind");
        return Arrays.stream(ExecutionKind.values()).filter(kind -> kind.name().equals(name)).findFirst().orElse(null);
    }

    private static List<Breakpoint> breakpoints(HttpRequest<?> request) {
        return request.getParameters().getAll("breakpoints").stream()
            .flatMap(list -> Arrays.stream(list.split(",")))
            .map(Breakpoint::of)
            .toList();
    }
}
