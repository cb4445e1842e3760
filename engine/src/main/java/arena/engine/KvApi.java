package arena.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.exceptions.ResourceExpiredException;
import io.kestra.core.models.kv.KVType;
import io.kestra.core.serializers.JacksonMapper;
import io.kestra.core.services.KVStoreService;
import io.kestra.core.storages.kv.KVEntry;
import io.kestra.core.storages.kv.KVMetadata;
import io.kestra.core.storages.kv.KVStore;
import io.kestra.core.storages.kv.KVValue;
import io.kestra.core.storages.kv.KVValueAndMetadata;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.time.Duration;
import java.util.NoSuchElementException;

/** The key-value store of a namespace. */
@Controller(Tenant.BASE + "/namespaces/{namespace}/kv/{key}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class KvApi {
    private final KVStoreService stores;

    KvApi(KVStoreService stores) {
        this.stores = stores;
    }

    @Get
    HttpResponse<?> get(String namespace, String key) throws IOException, ResourceExpiredException {
        KVStore store = store(namespace);
        KVValue found = store.getValue(key).orElseThrow(() -> missing(namespace, key));
        KVEntry entry = store.get(key).orElseThrow(() -> missing(namespace, key));
        ObjectNode body = Json.MAPPER.createObjectNode()
            .put("type", KVType.from(found.value()).name())
            .putPOJO("value", found.value())
            .put("revision", KvEntries.revision(entry))
            .putPOJO("updated", entry.updateDate());
        return Json.ok(body);
    }

    /** Text that holds JSON; read as Ion, which knows dates as well. */
    @Put
    @Consumes(MediaType.TEXT_PLAIN)
    HttpResponse<?> put(
        String namespace,
        String key,
        @Header("ttl") @Nullable String ttl,
        @Header("description") @Nullable String description,
        @Body String value
    ) throws IOException {
        KVMetadata metadata = new KVMetadata(description, ttl == null ? null : Duration.parse(ttl));
        store(namespace).put(key, new KVValueAndMetadata(metadata, parse(value)));
        return HttpResponse.ok();
    }

    @Delete
    HttpResponse<?> delete(String namespace, String key) throws IOException {
        return Json.ok(store(namespace).delete(key));
    }

    private KVStore store(String namespace) {
        return stores.get(Tenant.ID, namespace, null);
    }

    private static JsonNode parse(String value) {
        try {
            return JacksonMapper.ofIon().readTree(value);
        } catch (JsonProcessingException invalid) {
            throw new IllegalArgumentException("Invalid JSON value for: " + value, invalid);
        }
    }

    private static NoSuchElementException missing(String namespace, String key) {
        return new NoSuchElementException("No value found for key '%s' in namespace '%s'".formatted(key, namespace));
    }
}
