package arena.engine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.models.executions.LogEntry;
import io.kestra.core.models.executions.TaskRun;
import io.kestra.core.models.flows.AbstractFlow;
import io.kestra.core.serializers.JacksonMapper;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;

/** Kestra's own mapper, with durations as the server writes them ({@code PT0.33S}). */
final class Json {
    static final ObjectMapper MAPPER = JacksonMapper.ofJson().copy()
        .configure(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS, false)
        .addMixIn(AbstractFlow.class, WithoutTenant.class)
        .addMixIn(TaskRun.class, WithoutTenant.class)
        .addMixIn(LogEntry.class, WithoutTenant.class);

    /** The server shows the tenant of a fetched execution, but of nothing else. */
    @JsonIgnoreProperties("tenantId")
    private interface WithoutTenant {
    }

    static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("Not writable as JSON: " + value.getClass(), failure);
        }
    }

    static ObjectNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    static MutableHttpResponse<String> ok(Object value) {
        return answer(HttpStatus.OK, value);
    }

    static MutableHttpResponse<String> answer(HttpStatus status, Object value) {
        return HttpResponse.<String>status(status).body(text(value)).contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    private Json() {
    }
}
