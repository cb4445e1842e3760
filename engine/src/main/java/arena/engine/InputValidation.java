package arena.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.exceptions.InputOutputValidationException;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.input.InputAndValue;
import io.kestra.core.services.FlowService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The answer of a dry run of the inputs. */
final class InputValidation {
    static ObjectNode of(Flow flow, List<InputAndValue> values, FlowService flows) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("id", flow.getId()).put("namespace", flow.getNamespace());
        var inputs = body.putArray("inputs");
        values.forEach(value -> inputs.add(input(value)));

        Map<String, Object> valid = new HashMap<>();
        values.forEach(value -> valid.put(value.input().getId(), value.value()));
        body.putPOJO("checks", flows.getFailedChecks(flow, valid));
        return body;
    }

    private static ObjectNode input(InputAndValue value) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.putPOJO("input", value.input());
        if (value.value() != null) {
            node.putPOJO("value", value.value());
        }
        node.put("enabled", value.enabled()).put("isDefault", value.isDefault());
        var errors = node.putArray("errors");
        Set<InputOutputValidationException> exceptions = value.exceptions() == null ? Set.of() : value.exceptions();
        exceptions.forEach(exception -> errors.add(Shape.inputError(exception)));
        return node;
    }

    private InputValidation() {
    }
}
