package arena.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.async.AsyncOperationsConfiguration;
import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.triggers.TriggerId;
import io.kestra.core.repositories.ArrayListTotal;
import io.kestra.core.repositories.TriggerRepositoryInterface;
import io.kestra.core.scheduler.events.SetDisableTrigger;
import io.kestra.core.scheduler.model.TriggerState;
import io.kestra.core.scheduler.queue.TriggerEventQueue;
import io.kestra.core.services.AsyncOperationWaiter;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Triggers of 2.x: {@code {trigger, state}}. */
@Controller(Tenant.BASE + "/triggers")
@ExecuteOn(TaskExecutors.BLOCKING)
final class TriggersApi {
    record Switch(String namespace, String flowId, String triggerId, boolean disabled) {
        TriggerId id() {
            return TriggerId.of(Tenant.ID, namespace, flowId, triggerId);
        }
    }

    record Switches(List<Switch> triggers, boolean disabled) {
    }

    private final TriggerRepositoryInterface triggers;
    private final FlowTriggers flows;
    private final TriggerEventQueue events;
    private final AsyncOperationWaiter waiter;
    private final AsyncOperationsConfiguration waiting;

    TriggersApi(
        TriggerRepositoryInterface triggers,
        FlowTriggers flows,
        TriggerEventQueue events,
        AsyncOperationWaiter waiter,
        AsyncOperationsConfiguration waiting
    ) {
        this.triggers = triggers;
        this.flows = flows;
        this.events = events;
        this.waiter = waiter;
        this.waiting = waiting;
    }

    @Get("/search")
    HttpResponse<?> search(HttpRequest<?> request) {
        ArrayListTotal<TriggerState> page =
            triggers.find(Query.page(request, triggers.sortMapping()), Tenant.ID, Query.filters(request));
        List<ObjectNode> results = page.stream().map(this::item).toList();
        return Json.ok(Map.of("results", results, "total", page.getTotal()));
    }

    @Put("/set-disabled")
    HttpResponse<?> setDisabled(@Body Switch change) throws TimeoutException {
        TriggerId id = change.id();
        triggers.findById(id).orElseThrow(NotFoundException::new);
        waiter.submitAndWait(
            id.uid(),
            operation -> events.send(new SetDisableTrigger(id, change.disabled()).withOperationId(operation)),
            waiting.waitTimeout());
        return Json.ok(state(triggers.findById(id).orElseThrow(NotFoundException::new)));
    }

    @Post("/set-disabled/by-triggers")
    HttpResponse<?> setDisabled(@Body Switches changes) {
        changes.triggers().forEach(change -> events.send(new SetDisableTrigger(change.id(), changes.disabled())));
        return Bulk.done(changes.triggers().size());
    }

    private ObjectNode item(TriggerState state) {
        ObjectNode item = Json.MAPPER.createObjectNode();
        flows.find(state.getNamespace(), state.getFlowId(), state.getTriggerId())
            .ifPresent(trigger -> item.putPOJO("trigger", trigger));
        item.set("state", state(state));
        return item;
    }

    /** Only what the server shows of it; how the scheduler shares its work is its own affair. */
    private static ObjectNode state(TriggerState state) {
        ObjectNode node = Json.tree(state);
        node.put("kind", state.getType().name());
        Stream.of("tenantId", "vnode", "lastEventId", "nextEvaluationEpoch", "dispatchEpoch", "type").forEach(node::remove);
        return node;
    }
}
