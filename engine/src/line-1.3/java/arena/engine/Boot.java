package arena.engine;

import io.kestra.core.runners.ExecutorInterface;
import io.kestra.core.runners.Indexer;
import io.kestra.core.utils.IdUtils;
import io.kestra.jdbc.runner.JdbcScheduler;
import io.kestra.worker.DefaultWorker;
import io.micronaut.context.ApplicationContext;
import java.util.Map;

/** Starts the services of a standalone Kestra 1.3, in the order of its own runner. */
final class Boot {
    static final String VERSION = "1.3.31";
    private static final int WORKER_THREADS = 32;

    /** 1.3 has no controller between executor and worker. */
    static Map<String, Object> properties(int controllerPort) {
        return Map.of();
    }

    static void start(ApplicationContext context) {
        ExecutorInterface executor = context.getBean(ExecutorInterface.class);
        DefaultWorker worker =
            context.createBean(DefaultWorker.class, IdUtils.create(), WORKER_THREADS, null);
        JdbcScheduler scheduler = context.getBean(JdbcScheduler.class);
        Indexer indexer = context.getBean(Indexer.class);

        executor.run();
        worker.run();
        scheduler.run();
        indexer.run();
        Services.awaitRunning(executor, worker, scheduler, indexer);
    }

    private Boot() {
    }
}
