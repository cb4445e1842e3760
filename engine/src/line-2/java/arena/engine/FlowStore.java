package arena.engine;

import io.kestra.core.models.flows.FlowWithSource;
import io.kestra.core.models.flows.GenericFlow;
import io.kestra.core.services.FlowService;
import jakarta.inject.Singleton;

/** Writing flows on 2.x: the service tells the scheduler, the metastore and the limits by itself. */
@Singleton
final class FlowStore {
    private final FlowService service;

    FlowStore(FlowService service) {
        this.service = service;
    }

    FlowWithSource create(String source) throws Exception {
        return service.create(GenericFlow.fromYaml(Tenant.ID, source));
    }

    FlowWithSource update(FlowWithSource previous, String source) throws Exception {
        return service.update(GenericFlow.fromYaml(Tenant.ID, source), previous);
    }
}
