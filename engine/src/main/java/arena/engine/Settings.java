package arena.engine;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;

/**
 * What the launcher decides about one engine.
 *
 * @param port 0 for any free one
 * @param databaseFile null for a store in memory
 * @param disposableFolder deleted when the parent has gone without doing it
 * @param authentication "none", "basic" (username and password are the user), or "unset" (no user
 *     yet: every call is refused until one has been made at {@code POST /basicAuth})
 * @param fastRecovery take up the tasks of a killed predecessor within seconds, not minutes
 * @param training end in order, so that the JVM writes its cache of loaded classes
 */
public record Settings(
    int port,
    String databaseFile,
    String storageFolder,
    String temporaryFolder,
    String disposableFolder,
    String authentication,
    String username,
    String password,
    boolean fastRecovery,
    boolean training) {

    static final Map<String, Object> FAST_RECOVERY = Map.of(
        "kestra.server.worker-task-restart-strategy", "IMMEDIATELY",
        "kestra.server.termination-grace-period", "5s",
        "kestra.server.liveness.timeout", "10s",
        "kestra.server.liveness.initial-delay", "10s",
        "kestra.server.liveness.interval", "2s",
        "kestra.server.liveness.heartbeat-interval", "2s"
    );

    @JsonIgnore
    String databaseUrl() {
        // WRITE_DELAY=0: what has been answered is on the disk, so a kill -9 loses nothing.
        // LOCK_TIMEOUT: Kestra's executor ends itself when it waits too long for a row, and 2 s are too long on a machine
        // that is busy with other work.
        return (databaseFile == null
            ? "jdbc:h2:mem:public;DB_CLOSE_DELAY=-1"
            : "jdbc:h2:file:" + databaseFile + ";WRITE_DELAY=0")
            + ";TIME ZONE=UTC;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=60000";
    }
}
