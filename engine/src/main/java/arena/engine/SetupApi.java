package arena.engine;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;

/** Makes the one user of a fresh server; open until there is one. */
@Controller(Tenant.BASE + "/basicAuth")
final class SetupApi {
    private static final String RULE =
        "Password must be at least 8 characters long and contain one upper case letter, one lower case letter and one digit";

    record User(String username, String password) {
    }

    private final Authentication authentication;

    SetupApi(Authentication authentication) {
        this.authentication = authentication;
    }

    @Post
    HttpResponse<?> setUp(@Body User user) {
        boolean isMail = user.username() != null && user.username().matches("[^@\\s]+@[^@\\s]+");
        boolean isStrong = user.password() != null
            && user.password().matches("(?=.*[a-z])(?=.*[A-Z])(?=.*\\d).{8,}");
        if (!isMail || !isStrong) {
            throw Line.badUser(isMail ? RULE : "Invalid username: it must be an e-mail address");
        }
        authentication.setUser(user.username(), user.password());
        return HttpResponse.noContent();
    }
}
