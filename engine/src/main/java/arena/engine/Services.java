package arena.engine;

import io.kestra.core.server.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The services of a standalone server, which start on threads of their own. */
final class Services {
    /** A quiet machine takes a second or two. */
    private static final Duration LIMIT = Duration.ofSeconds(120);

    static void awaitRunning(Service... services) {
        Instant end = Instant.now().plus(LIMIT);
        List.of(services).forEach(service -> awaitRunning(service, end));
    }

    private static void awaitRunning(Service service, Instant end) {
        while (!service.getState().isRunning()) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException(
                    service.getType() + " is still " + service.getState() + " after " + LIMIT);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private Services() {
    }
}
