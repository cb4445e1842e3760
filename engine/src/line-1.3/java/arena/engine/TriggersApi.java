package arena.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.triggers.Trigger;
import io.kestra.core.queues.QueueException;
import io.kestra.core.queues.QueueFactoryInterface;
import io.kestra.core.queues.QueueInterface;
import io.kestra.core.repositories.ArrayListTotal;
import io.kestra.core.repositories.TriggerRepositoryInterface;
import io.kestra.core.utils.IdUtils;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import jakarta.inject.Named;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Triggers of 1.3: {@code {abstractTrigger, triggerContext}}. */
@Controller(Tenant.BASE + "/triggers")
@ExecuteOn(TaskExecutors.BLOCKING)
final class TriggersApi {
    record Change(String namespace, String flowId, String triggerId, Boolean disabled, ZonedDateTime nextExecutionDate) {
        String uid() {
            return IdUtils.fromParts(Tenant.ID, namespace, flowId, triggerId);
        }
    }

    record Changes(List<Change> triggers, boolean disabled) {
    }

    private final TriggerRepositoryInterface triggers;
    private final FlowTriggers flows;
    private final QueueInterface<Trigger> queue;

    TriggersApi(
        TriggerRepositoryInterface triggers,
        FlowTriggers flows,
        @Named(QueueFactoryInterface.TRIGGER_NAMED) QueueInterface<Trigger> queue
    ) {
        this.triggers = triggers;
        this.flows = flows;
        this.queue = queue;
    }

    @Get("/search")
    HttpResponse<?> search(HttpRequest<?> request) {
        ArrayListTotal<Trigger> page =
            triggers.find(Query.page(request, triggers.sortMapping()), Tenant.ID, Query.filters(request));
        List<ObjectNode> results = page.stream().map(this::item).toList();
        return Json.ok(Map.of("results", results, "total", page.getTotal()));
    }

    /** A body without the next date forgets it: as on the server. */
    @Put
    HttpResponse<?> update(@Body Change change) {
        return Json.ok(change(change, trigger -> trigger.toBuilder()
            .disabled(change.disabled())
            .nextExecutionDate(change.nextExecutionDate())
            .build()));
    }

    @Post("/set-disabled/by-triggers")
    HttpResponse<?> setDisabled(@Body Changes changes) {
        changes.triggers().forEach(change ->
            change(change, trigger -> trigger.toBuilder().disabled(changes.disabled()).build()));
        return Bulk.done(changes.triggers().size());
    }

    private Trigger change(Change change, UnaryOperator<Trigger> update) {
        Trigger changed = triggers.lock(change.uid(), current -> {
            Trigger updated = update.apply(current);
            try {
                queue.emit(updated);
            } catch (QueueException failure) {
                throw new IllegalArgumentException(failure);
            }
            return updated;
        });
        if (changed == null) {
            throw new NotFoundException();
        }
        return changed;
    }

    private ObjectNode item(Trigger context) {
        ObjectNode item = Json.MAPPER.createObjectNode();
        flows.find(context.getNamespace(), context.getFlowId(), context.getTriggerId())
            .ifPresent(trigger -> item.putPOJO("abstractTrigger", trigger));
        return item.putPOJO("triggerContext", context);
    }
}
