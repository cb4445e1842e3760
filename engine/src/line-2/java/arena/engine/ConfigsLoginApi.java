package arena.engine;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.Map;

/** The only page of 2.x that tells anything before the login. */
@Controller(ErrorBody.OPEN_CONFIGS_PATH)
final class ConfigsLoginApi {
    private final Authentication authentication;

    ConfigsLoginApi(Authentication authentication) {
        this.authentication = authentication;
    }

    @Get
    HttpResponse<?> login() {
        return Json.ok(Map.of("isBasicAuthInitialized", authentication.isInitialized()));
    }
}
