package arena.engine;

import io.kestra.core.models.QueryFilter;
import io.kestra.core.repositories.ArrayListTotal;
import io.kestra.core.repositories.KvMetadataRepositoryInterface;
import io.kestra.core.services.KVStoreService;
import io.kestra.core.storages.kv.KVEntry;
import io.kestra.core.models.FetchVersion;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Lists of keys: of one namespace, as 1.3 always had them, and under {@code /kv}. */
@Controller(Tenant.BASE)
@ExecuteOn(TaskExecutors.BLOCKING)
final class KvEntries {
    private final KVStoreService stores;
    private final KvMetadataRepositoryInterface metadata;

    KvEntries(KVStoreService stores, KvMetadataRepositoryInterface metadata) {
        this.stores = stores;
        this.metadata = metadata;
    }

    static int revision(KVEntry entry) {
        return entry.version();
    }

    @Get("/namespaces/{namespace}/kv")
    HttpResponse<?> listOfNamespace(String namespace) throws IOException {
        return Json.ok(stores.get(Tenant.ID, namespace, null).list());
    }

    @Get("/kv")
    HttpResponse<?> list(HttpRequest<?> request) {
        List<QueryFilter> filters = Query.filters(request);
        ArrayListTotal<KVEntry> page = metadata
            .find(Query.page(request, Function.identity()), Tenant.ID, filters, false, false, FetchVersion.LATEST)
            .map(KVEntry::from);
        return Json.ok(Map.of("results", page, "total", page.getTotal()));
    }
}
