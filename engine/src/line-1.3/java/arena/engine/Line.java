package arena.engine;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import java.util.Map;
import java.util.function.Function;

/** Small things in which 1.3 differs. */
final class Line {
    static final String YAML = "application/x-yaml";
    static final String YAML_ALSO = "application/yaml";

    /** What this line adds to {@code /configs}. */
    static final Map<String, Object> CONFIGS = Map.of("isTemplateEnabled", false, "isConcurrencyViewEnabled", true);

    private static final Map<String, String> FLOW_COLUMNS = Map.of("id", "id", "namespace", "namespace");
    static final Function<String, String> FLOW_SORT = FLOW_COLUMNS::get;

    static RuntimeException badUser(String reason) {
        return new HttpStatusException(HttpStatus.BAD_REQUEST, reason);
    }

    private Line() {
    }
}
