package arena.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.services.InstanceService;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** What the server says of itself. */
@Controller("/api/v1/configs")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ConfigsApi {
    private final InstanceService instance;
    private final Authentication authentication;
    private final String url;

    ConfigsApi(InstanceService instance, Authentication authentication, @Value("${kestra.url}") String url) {
        this.instance = instance;
        this.authentication = authentication;
        this.url = url;
    }

    @Get
    HttpResponse<?> configs() {
        ObjectNode body = Json.MAPPER.createObjectNode()
            .put("uuid", instance.fetch())
            .put("version", Boot.VERSION)
            .put("edition", "OSS")
            .put("chartDefaultDuration", "PT24H")
            .put("isCustomDashboardsEnabled", false)
            .put("isAnonymousUsageEnabled", false)
            .put("isUiAnonymousUsageEnabled", false)
            .put("url", url)
            .put("systemNamespace", "system")
            .put("isAiEnabled", false)
            .put("isAiApiKeyConfigured", false)
            .put("isBasicAuthInitialized", authentication.isInitialized())
            .put("pluginsHash", 0);
        body.putObject("preview").put("initial", 100).put("max", 5000);
        body.putArray("hiddenLabelsPrefixes").add("system.").add("internal.");
        Line.CONFIGS.forEach(body::putPOJO);
        return Json.ok(body);
    }
}
