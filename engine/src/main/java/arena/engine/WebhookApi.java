package arena.engine;

import io.kestra.core.http.HttpRequest.RequestBody;
import io.kestra.core.http.HttpRequest.StringRequestBody;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.services.WebhookService;
import io.kestra.plugin.core.trigger.AbstractWebhookTrigger;
import io.kestra.plugin.core.trigger.WebhookContext;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/** Webhook triggers: Kestra's own trigger decides, this only carries the request to it and back. */
@Controller(Tenant.BASE + "/executions/webhook/{namespace}/{flowId}/{key}")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
final class WebhookApi {
    private final FlowRepositoryInterface flows;
    private final WebhookService service;

    WebhookApi(FlowRepositoryInterface flows, WebhookService service) {
        this.flows = flows;
        this.service = service;
    }

    @Get
    HttpResponse<?> get(HttpRequest<?> request, String namespace, String flowId, String key) throws Exception {
        return call(request, namespace, flowId, key, null);
    }

    @Post
    HttpResponse<?> post(
        HttpRequest<?> request, String namespace, String flowId, String key, @Nullable @Body byte[] body
    ) throws Exception {
        return call(request, namespace, flowId, key, body);
    }

    @Put
    HttpResponse<?> put(
        HttpRequest<?> request, String namespace, String flowId, String key, @Nullable @Body byte[] body
    ) throws Exception {
        return call(request, namespace, flowId, key, body);
    }

    private HttpResponse<?> call(
        HttpRequest<?> request, String namespace, String flowId, String key, byte @Nullable [] body
    ) throws Exception {
        Flow flow = flows.findById(Tenant.ID, namespace, flowId).orElseThrow(() -> missing("Flow"));
        AbstractWebhookTrigger trigger = trigger(flow, key);
        WebhookContext context = WebhookContext.builder()
            .request(kestraRequest(request, body))
            .flow(flow)
            .trigger(trigger)
            .webhookService(service)
            .build();
        return answer(trigger.evaluate(context).block());
    }

    private AbstractWebhookTrigger trigger(Flow flow, String key) throws Exception {
        List<AbstractWebhookTrigger> triggers = flow.getTriggers() == null ? List.of() : flow.getTriggers().stream()
            .filter(AbstractWebhookTrigger.class::isInstance)
            .map(AbstractWebhookTrigger.class::cast)
            .toList();
        for (AbstractWebhookTrigger trigger : triggers) {
            if (key.equals(service.runContext(flow, trigger).render(trigger.getKey()))) {
                return trigger;
            }
        }
        throw missing("Webhook");
    }

    private static io.kestra.core.http.HttpRequest kestraRequest(HttpRequest<?> request, byte @Nullable [] body) {
        Map<String, List<String>> headers = new TreeMap<>();
        request.getHeaders().forEach((name, values) -> headers.put(name, List.copyOf(values)));
        String type = request.getContentType().map(MediaType::getName).orElse(MediaType.TEXT_PLAIN);
        RequestBody content = body == null || body.length == 0 ? null : StringRequestBody.builder()
            .content(new String(body, StandardCharsets.UTF_8))
            .contentType(type)
            .charset(StandardCharsets.UTF_8)
            .build();
        return io.kestra.core.http.HttpRequest.of(request.getUri(), request.getMethodName(), content, headers);
    }

    private static HttpResponse<?> answer(io.kestra.core.http.HttpResponse<?> answer) {
        HttpStatus status = HttpStatus.valueOf(answer.getStatus().getCode());
        return switch (answer.getBody()) {
            case null -> HttpResponse.status(status);
            case String text -> HttpResponse.status(status).body(text).contentType(MediaType.TEXT_PLAIN_TYPE);
            case Object body -> Json.answer(status, body);
        };
    }

    private static NoSuchElementException missing(String what) {
        return new NoSuchElementException(what + " not found");
    }
}
