package arena.engine;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.annotation.PreMatching;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/** HTTP Basic with one user, as open-source Kestra has it; bearer tokens are Enterprise and are refused. */
@ServerFilter("/**")
final class Authentication implements Ordered {
    static final int ORDER = -100;

    private final boolean enabled;
    private volatile byte[] expected;

    Authentication(Settings settings) {
        this.enabled = !"none".equals(settings.authentication());
        if ("basic".equals(settings.authentication())) {
            setUser(settings.username(), settings.password());
        }
    }

    boolean isInitialized() {
        return !enabled || expected != null;
    }

    void setUser(String username, String password) {
        byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        expected = ("Basic " + Base64.getEncoder().encodeToString(pair)).getBytes(StandardCharsets.UTF_8);
    }

    @PreMatching
    @RequestFilter
    @Nullable HttpResponse<?> check(HttpRequest<?> request) {
        if (!enabled || isOpen(request.getPath()) || isSetUp(request)) {
            return null;
        }
        String given = request.getHeaders().get("Authorization");
        boolean matches = expected != null && given != null
            && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8));
        return matches ? null : ErrorBody.unauthenticated(request).header("WWW-Authenticate", "Basic");
    }

    private static boolean isOpen(String path) {
        return path.matches("/api/v1/(main/)?executions/webhook/.*") || path.equals(ErrorBody.OPEN_CONFIGS_PATH);
    }

    private boolean isSetUp(HttpRequest<?> request) {
        return expected == null && request.getPath().matches("/api/v1/(main/)?basicAuth");
    }

    @Override
    public int getOrder() {
        return ORDER;
    }
}
