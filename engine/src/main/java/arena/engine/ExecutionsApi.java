package arena.engine;

import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.ExecutionKind;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.repositories.ArrayListTotal;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.services.FlowService;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.multipart.MultipartBody;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
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
    private final Follow follow;
    private final String url;

    ExecutionsApi(
        ExecutionRepositoryInterface repository,
        ExecutionStore store,
        FlowService flows,
        Follow follow,
        @Value("${kestra.url}") String url
    ) {
        this.repository = repository;
        this.store = store;
        this.flows = flows;
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
        Execution started = store.start(flow, new ExecutionStore.Start(
            labels(request), inputs, scheduleDate(request), kind(request), breakpoints(request)));
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
        return Json.ok(InputValidation.of(flow, store.validate(flow, labels(request), inputs), flows));
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

    @Get("/{id}/follow")
    @Produces(MediaType.TEXT_EVENT_STREAM)
    Publisher<Event<String>> follow(String id) {
        return follow.events(id);
    }

    private static List<Label> labels(HttpRequest<?> request) {
        Map<String, String> labels = new HashMap<>();
        for (String label : request.getParameters().getAll("labels")) {
            int colon = label.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("Invalid queryString parameter '" + label + "': it must be key:value");
            }
            String key = label.substring(0, colon);
            if (labels.put(key, label.substring(colon + 1)) != null) {
                throw new IllegalArgumentException("Duplicate label key '" + key + "'");
            }
        }
        List<Label> parsed = labels.entrySet().stream().map(it -> new Label(it.getKey(), it.getValue())).toList();
        parsed.stream().filter(ExecutionsApi::isReserved).findFirst().ifPresent(label -> {
            throw new IllegalArgumentException(
                "System labels can only be set by Kestra itself, offending label: " + label.key() + "=" + label.value());
        });
        return parsed;
    }

    private static boolean isReserved(Label label) {
        return label.key().startsWith(Label.SYSTEM_PREFIX)
            && !label.key().equals(Label.CORRELATION_ID)
            && !label.key().equals(Label.FROM);
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

    private static List<String> breakpoints(HttpRequest<?> request) {
        return request.getParameters().getAll("breakpoints").stream()
            .flatMap(list -> Arrays.stream(list.split(",")))
            .toList();
    }
}
