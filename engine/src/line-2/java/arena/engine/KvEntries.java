package arena.engine;

import io.kestra.core.models.QueryFilter;
import io.kestra.core.repositories.ArrayListTotal;
import io.kestra.core.services.KVStoreService;
import io.kestra.core.storages.kv.KVEntry;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Lists of keys: 2.x has them under {@code /kv}, and answers the list path of 1.3 with 405. */
@Controller(Tenant.BASE)
@ExecuteOn(TaskExecutors.BLOCKING)
final class KvEntries {
    record Keys(List<String> keys) {
    }

    private final KVStoreService stores;

    KvEntries(KVStoreService stores) {
        this.stores = stores;
    }

    static int revision(KVEntry entry) {
        return entry.revision();
    }

    @Get("/kv")
    HttpResponse<?> list(HttpRequest<?> request) throws IOException {
        List<QueryFilter> filters = Query.filters(request);
        ArrayListTotal<KVEntry> page =
            stores.list(Query.page(request, Function.identity()), Tenant.ID, null, filters);
        return Json.ok(Map.of("results", page, "total", page.getTotal()));
    }

    @Delete("/namespaces/{namespace}/kv")
    HttpResponse<?> delete(String namespace, @Body Keys keys) throws IOException {
        List<String> deleted = new ArrayList<>();
        for (String key : keys.keys()) {
            if (stores.get(Tenant.ID, namespace).delete(key)) {
                deleted.add(key);
            }
        }
        return Json.ok(Map.of("keys", deleted));
    }
}
