package arena.engine;

import io.kestra.core.utils.IdUtils;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import java.util.Map;

/** 2.x answers a bulk call before it is done. */
final class Bulk {
    static HttpResponse<?> done(int count) {
        return Json.answer(HttpStatus.ACCEPTED, Map.of("operationId", IdUtils.create(), "totalItems", count));
    }

    private Bulk() {
    }
}
