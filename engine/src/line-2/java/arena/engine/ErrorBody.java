package arena.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.exceptions.AlreadyExistsException;
import io.kestra.core.exceptions.ConflictException;
import io.kestra.core.utils.IdUtils;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Errors of 2.x: {@code application/problem+json}. */
final class ErrorBody {
    static final String OPEN_CONFIGS_PATH = "/api/v1/configs/login";
    private static final String TYPES = "https://kestra.io/docs/api-reference/problems/";

    static Failure.Kind conflictKind(ConflictException conflict) {
        return conflict instanceof AlreadyExistsException ? Failure.Kind.ALREADY_EXISTS : Failure.Kind.CONFLICT;
    }

    static MutableHttpResponse<?> unauthenticated(HttpRequest<?> request) {
        return of(request, Failure.of(Failure.Kind.UNAUTHENTICATED, null), true);
    }

    static MutableHttpResponse<?> of(HttpRequest<?> request, Failure failure, boolean isRouteMatched) {
        Failure.Kind kind = failure.kind();
        ObjectNode body = Json.MAPPER.createObjectNode()
            .put("type", TYPES + kind.slug)
            .put("title", kind.title)
            .put("status", kind.status)
            .put("detail", detail(failure))
            .put("instance", Tenant.originalUri(request).getPath());
        failure.items().forEach(item -> body.withArray("errors").add(item(item)));
        if (kind.status >= 500) {
            body.put("traceId", IdUtils.create());
        }
        MutableHttpResponse<?> response = HttpResponse.status(HttpStatus.valueOf(kind.status))
            .body(Json.text(body))
            .contentType("application/problem+json");
        if (kind == Failure.Kind.NOT_FOUND) {
            response.header("X-Kestra-Edition", "OSS").header("X-Kestra-Route-Matched", String.valueOf(isRouteMatched));
        }
        return response;
    }

    /** Several executions refused at once, each with its id as the path. */
    static MutableHttpResponse<?> ofBulk(HttpRequest<?> request, String detail, String reason, List<String> ids) {
        ObjectNode body = Json.MAPPER.createObjectNode()
            .put("type", TYPES + "bulk-validation-failed")
            .put("title", "Bulk validation failed")
            .put("status", 400)
            .put("detail", detail)
            .put("instance", Tenant.originalUri(request).getPath());
        ids.forEach(id -> body.withArray("errors").addObject()
            .put("detail", reason)
            .put("path", id)
            .put("type", TYPES + "conflict"));
        return HttpResponse.status(HttpStatus.BAD_REQUEST).body(Json.text(body)).contentType("application/problem+json");
    }

    private static String detail(Failure failure) {
        boolean isHidden = failure.detail() == null || failure.kind().status >= 500;
        return isHidden ? failure.kind().title : failure.detail();
    }

    private static ObjectNode item(Failure.Item item) {
        String pointer = Arrays.stream(item.path().split("[.\\[\\]]"))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("/", "/", ""));
        return Json.MAPPER.createObjectNode()
            .put("detail", item.detail())
            .put("pointer", pointer)
            .put("path", item.path());
    }

    private ErrorBody() {
    }
}
