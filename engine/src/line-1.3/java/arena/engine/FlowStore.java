package arena.engine;

import io.kestra.core.models.flows.FlowWithSource;
import io.kestra.core.models.flows.GenericFlow;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.services.FlowService;
import io.kestra.core.services.PluginDefaultService;
import jakarta.inject.Singleton;

/** Writing flows on 1.3. */
@Singleton
final class FlowStore {
    private final FlowService service;
    private final FlowRepositoryInterface repository;
    private final PluginDefaultService parser;

    FlowStore(FlowService service, FlowRepositoryInterface repository, PluginDefaultService parser) {
        this.service = service;
        this.repository = repository;
        this.parser = parser;
    }

    FlowWithSource create(String source) throws Exception {
        return service.create(GenericFlow.fromYaml(Tenant.ID, source), true);
    }

    FlowWithSource update(FlowWithSource previous, String source) throws Exception {
        // The repository alone would let unknown properties pass.
        parser.parseFlowWithVersionDefaults(Tenant.ID, source, true);
        return repository.update(GenericFlow.fromYaml(Tenant.ID, source), previous);
    }
}
