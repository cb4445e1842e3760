package arena.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.exceptions.InputOutputValidationException;
import io.kestra.core.models.executions.Execution;
import java.util.List;

/** Executions as 2.x shows them: light in a search, without outputs everywhere. */
final class Shape {
    private static final List<String> TASK_RUN_HIDDEN = List.of("executionId", "namespace", "flowId", "outputs");

    /** The answer to what was just done to it. */
    static ObjectNode acted(Execution execution) {
        return Json.tree(execution).without("tenantId");
    }

    static ObjectNode streamed(Execution execution) {
        return acted(execution);
    }

    static ObjectNode fetched(Execution execution) {
        ObjectNode node = withTenant(execution);
        node.remove(List.of("outputs", "deleted", "variables"));
        if (!node.has("taskRunList")) {
            node.putArray("taskRunList");
        }
        for (JsonNode taskRun : node.get("taskRunList")) {
            ((ObjectNode) taskRun).remove(TASK_RUN_HIDDEN);
        }
        return node;
    }

    static ObjectNode found(Execution execution) {
        ObjectNode node = withTenant(execution);
        node.remove(List.of("outputs", "deleted", "variables", "taskRunList", "metadata"));
        return node;
    }

    static ObjectNode inputError(InputOutputValidationException error) {
        return Json.MAPPER.createObjectNode()
            .put("message", error.getMessage())
            .put("renderError", error.isRenderError());
    }

    private static ObjectNode withTenant(Execution execution) {
        ObjectNode node = Json.MAPPER.createObjectNode().put("tenantId", execution.getTenantId());
        node.setAll(Json.tree(execution));
        return node;
    }

    private Shape() {
    }
}
