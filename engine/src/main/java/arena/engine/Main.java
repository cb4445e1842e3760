package arena.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Boots Kestra's engine and serves the API.
 *
 * <p>Standard input is the tie to the parent: its first line holds the settings (so that no
 * credential is seen in a process list), and when it ends the parent is gone, however it went.
 */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger("arena.engine");

    public static void main(String[] args) throws IOException {
        BufferedReader parent = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Settings settings = new ObjectMapper().readValue(parent.readLine(), Settings.class);
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> endWith(parent, settings));
        try {
            serve(settings);
        } catch (Throwable failure) {
            // A failed boot leaves non-daemon threads and listening sockets behind.
            LOG.error("The engine did not start", failure);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void serve(Settings settings) throws IOException {
        int port = settings.port() == 0 ? freePort() : settings.port();
        Map<String, Object> properties = new HashMap<>(Boot.properties(freePort()));
        properties.put("micronaut.server.port", port);
        properties.put("kestra.url", "http://127.0.0.1:" + port);
        properties.put("datasources.h2.url", settings.databaseUrl());
        properties.put("kestra.storage.local.base-path", settings.storageFolder());
        properties.put("kestra.tasks.tmp-dir.path", settings.temporaryFolder());
        if (settings.fastRecovery()) {
            properties.putAll(Settings.FAST_RECOVERY);
        }

        ApplicationContext context = ApplicationContext.builder(Main.class)
            .deduceEnvironment(false)
            .environments(Environment.CLI)
            .properties(properties)
            .singletons(settings)
            .start();
        Boot.start(context);
        EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
        LOG.info("READY {}", server.getURL());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void endWith(BufferedReader parent, Settings settings) {
        try {
            while (parent.readLine() != null) {
                continue;
            }
        } catch (IOException ignored) {
            // A broken pipe says the same as its end.
        }
        if (settings.training()) {
            System.exit(0);
        }
        delete(settings.disposableFolder());
        Runtime.getRuntime().halt(0);
    }

    private static void delete(String folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException ignored) {
            // Files of running tasks come and go; what stays is the system's to clean.
        }
    }

    private Main() {
    }
}
