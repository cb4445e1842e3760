package arena.engine;

import io.kestra.core.models.QueryFilter;
import io.micronaut.http.HttpParameters;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Small things in which 1.3 differs. */
final class Line {
    static final String YAML = "application/x-yaml";
    static final String YAML_ALSO = "application/yaml";

    /** What this line adds to {@code /configs}. */
    static final Map<String, Object> CONFIGS = Map.of("isTemplateEnabled", false, "isConcurrencyViewEnabled", true);

    private static final Map<String, QueryFilter.Op> FLAT = Map.of(
        "q", QueryFilter.Op.EQUALS,
        "namespace", QueryFilter.Op.PREFIX,
        "flowId", QueryFilter.Op.EQUALS,
        "state", QueryFilter.Op.IN,
        "labels", QueryFilter.Op.EQUALS,
        "triggerExecutionId", QueryFilter.Op.EQUALS,
        "childFilter", QueryFilter.Op.EQUALS);
    private static final Map<String, String> FLOW_COLUMNS = Map.of("id", "id", "namespace", "namespace");
    static final Function<String, String> FLOW_SORT = FLOW_COLUMNS::get;

    /** Parameters of older versions, which 1.3 still reads where there are no {@code filters[…]}. */
    static List<QueryFilter> flatFilters(HttpParameters parameters) {
        return FLAT.entrySet().stream()
            .flatMap(flat -> parameters.getAll(flat.getKey()).stream()
                .map(value -> Query.filter(QueryFilter.Field.fromString(flat.getKey()), flat.getValue(), value)))
            .toList();
    }

    static RuntimeException badUser(String reason) {
        return new HttpStatusException(HttpStatus.BAD_REQUEST, reason);
    }

    private Line() {
    }
}
