package arena.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.exceptions.ConflictException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.net.URI;
import java.util.List;

/** Errors of 1.3: Micronaut's JSON error. */
final class ErrorBody {
    static final String OPEN_CONFIGS_PATH = "/api/v1/configs";

    private static final List<String> LINK_FIELDS =
        List.of("profile", "deprecation", "title", "hreflang", "type", "name");

    static Failure.Kind conflictKind(ConflictException conflict) {
        return Failure.Kind.CONFLICT;
    }

    static MutableHttpResponse<?> unauthenticated(HttpRequest<?> request) {
        return HttpResponse.unauthorized();
    }

    static MutableHttpResponse<?> of(HttpRequest<?> request, Failure failure, boolean isRouteMatched) {
        Failure.Kind kind = failure.kind();
        String detail = failure.detail() == null ? "" : ": " + failure.detail();
        ObjectNode body = error(kind.prefix + detail, null);
        body.set("_links", selfLink(Tenant.originalUri(request)));
        ObjectNode embedded = body.putObject("_embedded");
        failure.items().forEach(item -> {
            ObjectNode error = error(item.detail(), item.path());
            error.putObject("_links");
            error.putObject("_embedded");
            embedded.withArray("errors").add(error);
        });
        return HttpResponse.status(HttpStatus.valueOf(kind.status))
            .body(Json.text(body))
            .contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    /** Several executions refused at once: the constraint violations, as Jackson writes them. */
    static MutableHttpResponse<?> ofBulk(HttpRequest<?> request, String detail, String reason, List<String> ids) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("message", detail);
        ids.forEach(id -> {
            ObjectNode invalid = body.withArray("invalids").addObject()
                .put("message", reason)
                .put("rootBean", id)
                .put("rootBeanClass", "java.lang.String")
                .put("leafBean", id)
                .put("invalidValue", id)
                .put("messageTemplate", "{messageTemplate}");
            invalid.withArray("propertyPath").addObject()
                .put("name", "execution")
                .put("kind", "PROPERTY")
                .put("inIterable", false);
            invalid.putArray("executableParameters");
        });
        return HttpResponse.badRequest(Json.text(body)).contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    private static ObjectNode error(String message, String path) {
        return Json.MAPPER.createObjectNode().put("message", message).putNull("logref").put("path", path);
    }

    private static ObjectNode selfLink(URI uri) {
        ObjectNode links = Json.MAPPER.createObjectNode();
        ObjectNode self = links.putObject("self").put("href", uri.toString()).put("templated", false);
        LINK_FIELDS.forEach(self::putNull);
        return links;
    }

    private ErrorBody() {
    }
}
