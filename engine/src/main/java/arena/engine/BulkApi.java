package arena.engine;

import io.kestra.core.models.executions.Execution;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.services.ExecutionService;
import io.micronaut.data.model.Pageable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Killing and deleting many executions at once.
 *
 * <p>A query that names no filter means every execution of the tenant, and so does one whose filters
 * lack an operator: as on the server.
 */
@Controller(Tenant.BASE + "/executions")
@ExecuteOn(TaskExecutors.BLOCKING)
final class BulkApi {
    private final ExecutionRepositoryInterface repository;
    private final ExecutionService service;
    private final ExecutionStore store;

    BulkApi(ExecutionRepositoryInterface repository, ExecutionService service, ExecutionStore store) {
        this.repository = repository;
        this.service = service;
        this.store = store;
    }

    @Delete("/kill/by-ids")
    HttpResponse<?> killByIds(HttpRequest<?> request, @Body List<String> ids) throws Exception {
        return kill(request, ids);
    }

    @Delete("/kill/by-query")
    @Consumes("*/*")
    HttpResponse<?> killByQuery(HttpRequest<?> request) throws Exception {
        return kill(request, idsOf(request));
    }

    @Delete("/by-ids")
    HttpResponse<?> deleteByIds(
        HttpRequest<?> request,
        @Body List<String> ids,
        @QueryValue(defaultValue = "false") boolean includeNonTerminated
    ) throws Exception {
        return delete(request, ids, includeNonTerminated);
    }

    @Delete("/by-query")
    @Consumes("*/*")
    HttpResponse<?> deleteByQuery(
        HttpRequest<?> request,
        @QueryValue(defaultValue = "false") boolean includeNonTerminated
    ) throws Exception {
        return delete(request, idsOf(request), includeNonTerminated);
    }

    private HttpResponse<?> kill(HttpRequest<?> request, List<String> ids) throws Exception {
        Optional<HttpResponse<?>> refusal =
            refusal(request, "kill", ids, execution -> execution.getState().isTerminated(), "execution already finished");
        if (refusal.isPresent()) {
            return refusal.get();
        }
        for (String id : ids) {
            store.emitKill(find(id).orElseThrow(), true, null);
        }
        return Bulk.done(ids.size());
    }

    private HttpResponse<?> delete(HttpRequest<?> request, List<String> ids, boolean isAny) throws Exception {
        Optional<HttpResponse<?>> refusal = refusal(
            request,
            "delete",
            ids,
            execution -> !isAny && !execution.getState().isTerminated(),
            "execution not terminated");
        if (refusal.isPresent()) {
            return refusal.get();
        }
        for (String id : ids) {
            service.delete(find(id).orElseThrow(), true, true, true);
        }
        return Bulk.done(ids.size());
    }

    private Optional<HttpResponse<?>> refusal(
        HttpRequest<?> request, String what, List<String> ids, Predicate<Execution> isRefused, String reason
    ) {
        List<String> unknown = ids.stream().filter(id -> find(id).isEmpty()).toList();
        if (!unknown.isEmpty()) {
            return Optional.of(ErrorBody.ofBulk(request, "invalid bulk " + what, "execution not found", unknown));
        }
        List<String> refused = ids.stream().filter(id -> isRefused.test(find(id).orElseThrow())).toList();
        return refused.isEmpty()
            ? Optional.empty()
            : Optional.of(ErrorBody.ofBulk(request, "invalid bulk " + what, reason, refused));
    }

    private List<String> idsOf(HttpRequest<?> request) {
        return repository.find(Pageable.UNPAGED, Tenant.ID, Query.filters(request)).stream().map(Execution::getId).toList();
    }

    private Optional<Execution> find(String id) {
        return repository.findById(Tenant.ID, id);
    }
}
