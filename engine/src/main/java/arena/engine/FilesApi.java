package arena.engine;

import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.repositories.ExecutionRepositoryInterface;
import io.kestra.core.storages.StorageContext;
import io.kestra.core.storages.StorageInterface;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.server.types.files.StreamedFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Files of internal storage, of one execution alone. */
@Controller(Tenant.BASE + "/executions/{executionId}/file")
@ExecuteOn(TaskExecutors.BLOCKING)
final class FilesApi {
    private final ExecutionRepositoryInterface executions;
    private final StorageInterface storage;

    FilesApi(ExecutionRepositoryInterface executions, StorageInterface storage) {
        this.executions = executions;
        this.storage = storage;
    }

    @Get
    HttpResponse<?> download(String executionId, URI path) throws IOException {
        Execution execution = find(executionId);
        Optional<HttpResponse<?>> elsewhere = redirect(execution, path, "file");
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        var stream = storage.get(execution.getTenantId(), execution.getNamespace(), path);
        String name = String.valueOf(Path.of(path.getPath()).getFileName());
        return HttpResponse.ok(new StreamedFile(stream, MediaType.APPLICATION_OCTET_STREAM_TYPE).attach(name));
    }

    @Get("/metas")
    HttpResponse<?> metas(String executionId, URI path) throws IOException {
        Execution execution = find(executionId);
        Optional<HttpResponse<?>> elsewhere = redirect(execution, path, "file/metas");
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        long size = storage.getAttributes(execution.getTenantId(), execution.getNamespace(), path).getSize();
        return Json.ok(Map.of("size", size));
    }

    private Execution find(String executionId) {
        return executions.findById(Tenant.ID, executionId).orElseThrow(NotFoundException::new);
    }

    /** Another execution's file is served under that execution; what belongs to none is refused. */
    private static Optional<HttpResponse<?>> redirect(Execution execution, URI path, String route) {
        String own = StorageContext.forExecution(execution).getExecutionStorageURI().getPath();
        if (path.getPath().startsWith(own)) {
            return Optional.empty();
        }
        String owner = StorageContext.extractExecutionId(path)
            .orElseThrow(() -> new IllegalArgumentException("Invalid prefix path"));
        return Optional.of(HttpResponse.redirect(
            URI.create("%s/executions/%s/%s?path=%s".formatted(Tenant.BASE, owner, route, path))));
    }
}
