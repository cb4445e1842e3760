package arena.engine;

import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.micronaut.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Labels of an execution; those of the system are Kestra's own, but for two. */
final class Labels {
    private static final Label FROM_API = new Label(Label.FROM, "api");

    /** {@code labels=key:value}, repeated. */
    static List<Label> of(HttpRequest<?> request) {
        Map<String, String> labels = new HashMap<>();
        for (String label : request.getParameters().getAll("labels")) {
            int colon = label.indexOf(':');
            String key = colon < 0 ? "" : label.substring(0, colon);
            if (key.isEmpty() || key.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException("Invalid queryString parameter '" + label + "': it must be key:value");
            }
            if (labels.put(key, label.substring(colon + 1)) != null) {
                throw new IllegalArgumentException("Duplicate label key '" + key + "'");
            }
        }
        List<Label> parsed = labels.entrySet().stream().map(it -> new Label(it.getKey(), it.getValue())).toList();
        parsed.forEach(label -> {
            boolean isAllowed = label.key().equals(Label.CORRELATION_ID) || label.key().equals(Label.FROM);
            if (isSystem(label) && !isAllowed) {
                throw reserved(label);
            }
        });
        return parsed;
    }

    /** With the mark of an execution that was started by the API. */
    static List<Label> fromApi(List<Label> labels) {
        List<Label> all = new ArrayList<>(labels);
        if (labels.stream().noneMatch(label -> label.key().equals(Label.FROM))) {
            all.add(FROM_API);
        }
        return all;
    }

    /** {@code labels} in place of all but the system's. */
    static List<Label> replaced(Execution execution, List<Label> labels) {
        List<Label> present = execution.getLabels() == null ? List.of() : execution.getLabels();
        List<Label> system = present.stream().filter(Labels::isSystem).toList();
        List<Label> all = new ArrayList<>(labels);
        labels.stream().filter(Labels::isSystem).filter(label -> !system.contains(label)).findFirst().ifPresent(label -> {
            throw reserved(label);
        });
        system.stream().filter(label -> !all.contains(label)).forEach(all::add);
        return all;
    }

    private static boolean isSystem(Label label) {
        return label.key().startsWith(Label.SYSTEM_PREFIX);
    }

    private static IllegalArgumentException reserved(Label label) {
        return new IllegalArgumentException(
            "System labels can only be set by Kestra itself, offending label: " + label.key() + "=" + label.value());
    }

    private Labels() {
    }
}
