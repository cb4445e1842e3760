package arena.engine;

import io.kestra.core.exceptions.InvalidException;
import io.kestra.core.models.QueryFilter;
import io.micronaut.http.HttpParameters;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Small things in which 2.x differs. */
final class Line {
    static final String YAML = "application/x-yaml";
    /** 2.x takes no other type; 1.3 does. */
    static final String YAML_ALSO = YAML;

    /** What this line adds to {@code /configs}. */
    static final Map<String, Object> CONFIGS = Map.of("flowTemplate", "");

    private static final Map<String, String> FLOW_COLUMNS = Map.of("id", "id", "namespace", "namespace", "updated", "updated");
    static final Function<String, String> FLOW_SORT = FLOW_COLUMNS::get;

    /** 2.x ignores the parameters of older versions, and answers everything. */
    static List<QueryFilter> flatFilters(HttpParameters parameters) {
        return List.of();
    }

    static RuntimeException badUser(String reason) {
        return new InvalidException(null, reason);
    }

    private Line() {
    }
}
