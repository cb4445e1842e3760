package arena.engine;

import io.kestra.core.exceptions.InvalidQueryFiltersException;
import io.kestra.core.models.QueryFilter;
import io.kestra.core.models.flows.FlowScope;
import io.micronaut.data.model.Pageable;
import io.micronaut.data.model.Sort;
import io.micronaut.http.HttpParameters;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The query string of a search: {@code filters[…]}, {@code sort}, {@code page}, {@code size}. */
final class Query {
    private static final Pattern FILTER = Pattern.compile("filters\\[([^\\[\\]]+)]\\[([^\\[\\]]+)](?:\\[(.+)])?");
    private static final Set<QueryFilter.Op> LISTS = Set.of(QueryFilter.Op.IN, QueryFilter.Op.NOT_IN);
    private static final int DEFAULT_SIZE = 10;

    /**
     * A filter without an operator ({@code filters[namespace]=x}) is no filter: Kestra ignores it
     * without a word, and so must a test see it ignored.
     */
    static List<QueryFilter> filters(HttpRequest<?> request) {
        List<QueryFilter> filters = new ArrayList<>();
        Map<QueryFilter.Op, Map<String, String>> labels = new LinkedHashMap<>();
        HttpParameters parameters = request.getParameters();
        for (String name : parameters.names()) {
            Matcher matcher = FILTER.matcher(name);
            if (!matcher.matches()) {
                continue;
            }
            QueryFilter.Field field = QueryFilter.Field.fromString(matcher.group(1));
            QueryFilter.Op operation = operation(matcher.group(2));
            String key = matcher.group(3);
            for (String value : parameters.getAll(name)) {
                if (key != null) {
                    labels.computeIfAbsent(operation, ignored -> new LinkedHashMap<>()).put(key, value);
                } else {
                    filters.add(filter(field, operation, value));
                }
            }
        }
        labels.forEach((operation, byKey) -> filters.add(leaf(QueryFilter.Field.LABELS, operation, byKey)));
        return filters.isEmpty() ? Line.flatFilters(parameters) : filters;
    }

    static Pageable page(HttpRequest<?> request, Function<String, String> columns) {
        int page = number(request, "page", 1);
        int size = number(request, "size", DEFAULT_SIZE);
        Sort.Order[] orders = request.getParameters().getAll("sort").stream()
            .flatMap(sort -> Arrays.stream(sort.split(",")))
            .map(sort -> order(sort, columns))
            .toArray(Sort.Order[]::new);
        return orders.length == 0 ? Pageable.from(page, size) : Pageable.from(page, size, Sort.of(List.of(orders)));
    }

    /** {@code value} as it stands in the address. */
    static QueryFilter filter(QueryFilter.Field field, QueryFilter.Op operation, String value) {
        return switch (field) {
            case TIME_RANGE -> leaf(
                QueryFilter.Field.START_DATE,
                QueryFilter.Op.GREATER_THAN_OR_EQUAL_TO,
                ZonedDateTime.now().minus(Duration.parse(value)).toString());
            case SCOPE -> leaf(field, operation, split(value).stream().map(FlowScope::valueOf).toList());
            case LABELS -> leaf(field, operation, value.contains(":") ? label(value) : value);
            default -> leaf(field, operation, LISTS.contains(operation) ? split(value) : value);
        };
    }

    private static Map<String, String> label(String label) {
        return Map.of(label.substring(0, label.indexOf(':')), label.substring(label.indexOf(':') + 1));
    }

    private static List<String> split(String list) {
        return Arrays.asList(list.split(","));
    }

    private static int number(HttpRequest<?> request, String name, int fallback) {
        String text = request.getParameters().get(name);
        if (text != null && !text.matches("-?\\d{1,9}")) {
            throw new HttpStatusException(HttpStatus.BAD_REQUEST, "'" + name + "' must be a number");
        }
        int number = text == null ? fallback : Integer.parseInt(text);
        if (number < 1) {
            throw new IllegalArgumentException("'" + name + "' must be at least 1");
        }
        return number;
    }

    private static Sort.Order order(String sort, Function<String, String> columns) {
        String[] parts = sort.split(":");
        String column = columns.apply(parts[0]);
        if (parts.length != 2 || column == null) {
            throw new IllegalArgumentException("Invalid sort parameter '" + sort + "'");
        }
        return "desc".equalsIgnoreCase(parts[1]) ? Sort.Order.desc(column) : Sort.Order.asc(column);
    }

    private static QueryFilter.Op operation(String name) {
        try {
            return QueryFilter.Op.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new InvalidQueryFiltersException("Unsupported operation " + name);
        }
    }

    private static QueryFilter leaf(QueryFilter.Field field, QueryFilter.Op operation, Object value) {
        return QueryFilter.builder().field(field).operation(operation).value(value).build();
    }

    private Query() {
    }
}
