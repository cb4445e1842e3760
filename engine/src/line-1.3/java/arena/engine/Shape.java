package arena.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.exceptions.InputOutputValidationException;
import io.kestra.core.models.executions.Execution;

/** Executions as 1.3 shows them: whole, everywhere, with the outputs in them. */
final class Shape {
    static ObjectNode acted(Execution execution) {
        return Json.tree(execution).without("tenantId");
    }

    static ObjectNode streamed(Execution execution) {
        return acted(execution);
    }

    static ObjectNode fetched(Execution execution) {
        return acted(execution);
    }

    static ObjectNode found(Execution execution) {
        return acted(execution);
    }

    static ObjectNode inputError(InputOutputValidationException error) {
        return Json.MAPPER.createObjectNode().put("message", error.getMessage());
    }

    private Shape() {
    }
}
