package arena.engine;

import io.kestra.core.runners.Executor;
import io.kestra.core.runners.Indexer;
import io.kestra.core.runners.Scheduler;
import io.kestra.core.runners.Worker;
import io.kestra.core.worker.Controller;
import io.kestra.worker.systemworker.SystemWorker;
import io.micronaut.context.ApplicationContext;
import java.util.List;
import java.util.Map;

/** Starts the services of a standalone Kestra 2.x, in the order of its own runner. */
final class Boot {
    static final String VERSION = "2.0.0";
    private static final int WORKER_THREADS = 32;

    static Map<String, Object> properties(int controllerPort) {
        return Map.of(
            "kestra.controller.port", controllerPort,
            "kestra.worker.controllers.type", "STATIC",
            "kestra.worker.controllers.static.endpoints",
            List.of(Map.of("host", "127.0.0.1", "port", controllerPort))
        );
    }

    static void start(ApplicationContext context) {
        Executor executor = context.getBean(Executor.class);
        Controller controller = context.getBean(Controller.class);
        Worker worker = context.getBean(Worker.class);
        SystemWorker systemWorker = context.getBean(SystemWorker.class);
        Scheduler scheduler = context.getBean(Scheduler.class);
        Indexer indexer = context.getBean(Indexer.class);

        executor.run();
        controller.start();
        worker.start(WORKER_THREADS);
        systemWorker.start();
        scheduler.run();
        indexer.run();
        Services.awaitRunning(executor, controller, worker, systemWorker, scheduler, indexer);
    }

    private Boot() {
    }
}
