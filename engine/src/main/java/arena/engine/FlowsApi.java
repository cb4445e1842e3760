package arena.engine;

import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.FlowSource;
import io.kestra.core.models.flows.FlowWithSource;
import io.kestra.core.models.flows.GenericFlow;
import io.kestra.core.repositories.ArrayListTotal;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.services.FlowService;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Flows and their revisions: the same paths on both lines. */
@Controller(Tenant.BASE + "/flows")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes({Line.YAML, Line.YAML_ALSO})
final class FlowsApi {
    private final FlowRepositoryInterface repository;
    private final FlowService service;
    private final FlowStore store;

    FlowsApi(FlowRepositoryInterface repository, FlowService service, FlowStore store) {
        this.repository = repository;
        this.service = service;
        this.store = store;
    }

    @Post
    HttpResponse<?> create(@Body String source) throws Exception {
        return Json.ok(store.create(source));
    }

    @Put("/{namespace}/{id}")
    HttpResponse<?> update(String namespace, String id, @Body String source) throws Exception {
        return Json.ok(store.update(find(namespace, id), source));
    }

    @Get("/{namespace}/{id}{?source,revision,allowDeleted}")
    HttpResponse<?> get(
        String namespace,
        String id,
        @QueryValue(defaultValue = "false") boolean source,
        @QueryValue Optional<Integer> revision,
        @QueryValue(defaultValue = "false") boolean allowDeleted
    ) {
        Optional<? extends Flow> found = source
            ? repository.findByIdWithSource(Tenant.ID, namespace, id, revision, allowDeleted)
            : repository.findById(Tenant.ID, namespace, id, revision, allowDeleted);
        return Json.ok(found.orElseThrow(NotFoundException::new));
    }

    @Get("/{namespace}/{id}/revisions")
    HttpResponse<?> revisions(String namespace, String id) {
        List<FlowWithSource> revisions = repository.findRevisions(Tenant.ID, namespace, id, true);
        if (revisions.isEmpty()) {
            throw new NotFoundException();
        }
        return Json.ok(revisions);
    }

    @Get("/{namespace}")
    HttpResponse<?> list(String namespace) {
        return Json.ok(repository.findByNamespace(Tenant.ID, namespace));
    }

    @Get("/search")
    HttpResponse<?> search(HttpRequest<?> request) {
        ArrayListTotal<Flow> page =
            repository.find(Query.page(request, Line.FLOW_SORT), Tenant.ID, Query.filters(request));
        return Json.ok(Map.of("results", page, "total", page.getTotal()));
    }

    @Post("/validate")
    HttpResponse<?> validate(@Body String sources) {
        List<FlowSource> flows = documents(sources).stream().map(source -> new FlowSource(null, source)).toList();
        return Json.ok(service.validate(Tenant.ID, flows));
    }

    /**
     * Deletes the flows of the namespace (without one, of the whole tenant) that the body does not
     * hold, unless told not to: the dangerous default of the server, kept so that tests can prove
     * that nobody relies on it.
     */
    @Post("/bulk")
    HttpResponse<?> bulk(
        @Body String sources,
        @QueryValue @Nullable String namespace,
        @QueryValue(defaultValue = "true") boolean delete
    ) throws Exception {
        List<FlowWithSource> written = new ArrayList<>();
        for (String source : documents(sources)) {
            GenericFlow flow = GenericFlow.fromYaml(Tenant.ID, source);
            if (namespace != null && !namespace.equals(flow.getNamespace())) {
                throw new IllegalArgumentException("Flow namespace is invalid: " + flow.getNamespace());
            }
            Optional<FlowWithSource> previous =
                repository.findByIdWithSource(Tenant.ID, flow.getNamespace(), flow.getId());
            written.add(previous.isPresent() ? store.update(previous.get(), source) : store.create(source));
        }
        if (delete) {
            Set<String> kept = written.stream().map(FlowWithSource::uidWithoutRevision).collect(Collectors.toSet());
            List<FlowWithSource> present = namespace == null
                ? repository.findAllWithSource(Tenant.ID)
                : repository.findByNamespaceWithSource(Tenant.ID, namespace);
            present.stream().filter(flow -> !kept.contains(flow.uidWithoutRevision())).forEach(service::delete);
        }
        return Json.ok(written);
    }

    @Post("/{namespace}")
    HttpResponse<?> bulkOfNamespace(
        String namespace,
        @Body String sources,
        @QueryValue(defaultValue = "true") boolean delete
    ) throws Exception {
        return bulk(sources, namespace, delete);
    }

    @Delete("/{namespace}/{id}")
    @Consumes("*/*")
    HttpResponse<?> delete(String namespace, String id) {
        service.delete(find(namespace, id));
        return HttpResponse.noContent();
    }

    private FlowWithSource find(String namespace, String id) {
        return repository.findByIdWithSource(Tenant.ID, namespace, id).orElseThrow(NotFoundException::new);
    }

    /** One YAML document a flow. */
    private static List<String> documents(String sources) {
        return Arrays.stream(sources.split("(?m)^---\\s*$")).filter(source -> !source.isBlank()).toList();
    }
}
