package arena.engine;

import io.kestra.core.debug.Breakpoint;
import io.kestra.core.models.Label;
import io.kestra.core.models.executions.ExecutionKind;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.multipart.CompletedPart;
import java.time.Instant;
import java.util.List;
import org.reactivestreams.Publisher;

/** All that the start of an execution may carry. */
record Start(
    List<Label> labels,
    @Nullable Publisher<CompletedPart> inputs,
    @Nullable Instant scheduleDate,
    @Nullable ExecutionKind kind,
    List<Breakpoint> breakpoints) {
}
