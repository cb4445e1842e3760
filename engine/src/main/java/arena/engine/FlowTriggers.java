package arena.engine;

import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.triggers.AbstractTrigger;
import io.kestra.core.repositories.FlowRepositoryInterface;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** What a flow says of a trigger; its state is elsewhere, and in another form on each line. */
@Singleton
final class FlowTriggers {
    private final FlowRepositoryInterface flows;

    FlowTriggers(FlowRepositoryInterface flows) {
        this.flows = flows;
    }

    Optional<AbstractTrigger> find(String namespace, String flowId, String triggerId) {
        return flows.findById(Tenant.ID, namespace, flowId)
            .map(Flow::getTriggers)
            .stream()
            .flatMap(List::stream)
            .filter(trigger -> trigger.getId().equals(triggerId))
            .findFirst();
    }
}
