package arena.engine;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.http.server.annotation.PreMatching;
import java.net.URI;
import java.util.Set;

/** Open-source Kestra has one tenant: paths without one mean it, and any other is refused. */
@ServerFilter("/api/v1/**")
final class Tenant implements Ordered {
    static final String ID = "main";
    static final String BASE = "/api/v1/main";

    private static final String ROOT = "/api/v1/";
    private static final String ORIGINAL_URI = "arena.original-uri";
    private static final Set<String> WITHOUT_TENANT = Set.of("configs");
    private static final Set<String> ALIASED = Set.of(
        "executions", "flows", "outputs", "logs", "triggers", "namespaces", "kv", "metrics", "basicAuth");

    /** The address as the caller wrote it, which error bodies repeat. */
    static URI originalUri(HttpRequest<?> request) {
        return request.getAttribute(ORIGINAL_URI, URI.class).orElse(request.getUri());
    }

    @PreMatching
    @RequestFilter
    @Nullable HttpRequest<?> resolve(HttpRequest<?> request) {
        String rest = request.getPath().substring(ROOT.length());
        String first = rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest;
        if (first.equals(ID) || WITHOUT_TENANT.contains(first)) {
            return null;
        }
        if (!ALIASED.contains(first)) {
            throw new HttpStatusException(HttpStatus.BAD_REQUEST, "Tenant must be 'main' for OSS version");
        }
        request.setAttribute(ORIGINAL_URI, request.getUri());
        String uri = request.getUri().toString().replaceFirst(ROOT, BASE + "/");
        return request.mutate().uri(URI.create(uri));
    }

    @Override
    public int getOrder() {
        return Authentication.ORDER + 1;
    }
}
