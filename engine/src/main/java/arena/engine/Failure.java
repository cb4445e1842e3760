package arena.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kestra.core.exceptions.ConflictException;
import io.kestra.core.exceptions.DeserializationException;
import io.kestra.core.exceptions.InputOutputValidationException;
import io.kestra.core.exceptions.InvalidException;
import io.kestra.core.exceptions.InvalidQueryFiltersException;
import io.kestra.core.exceptions.NotFoundException;
import io.kestra.core.exceptions.ResourceExpiredException;
import io.micronaut.http.HttpStatus;
import jakarta.validation.ConstraintViolationException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;

/**
 * One error, before it gets the shape of a line.
 *
 * @param kind how each line names it
 * @param detail null when the kind says it all
 */
record Failure(Kind kind, String detail, List<Item> items) {

    record Item(String detail, String path) {
    }

    /** {@code slug} and {@code title} are the words of 2.x, {@code prefix} those of 1.3. */
    enum Kind {
        BAD_REQUEST(400, "bad-request", "Bad request", "Bad Request"),
        INVALID_QUERY_PARAMETER(400, "invalid-query-parameter", "Invalid query parameter", "Bad Request"),
        INVALID_QUERY_FILTERS(400, "invalid-query-filters", "Invalid query filters", "Bad Request"),
        UNAUTHENTICATED(401, "unauthenticated", "Authentication required", "Unauthorized"),
        NOT_FOUND(404, "not-found", "Resource not found", "Not Found"),
        METHOD_NOT_ALLOWED(405, "method-not-allowed", "Method not allowed", "Method Not Allowed"),
        NOT_ACCEPTABLE(406, "not-acceptable", "Not acceptable", "Not Acceptable"),
        CONFLICT(409, "conflict", "Conflict", "Illegal state"),
        ALREADY_EXISTS(409, "entity-already-exists", "Entity already exists", "Conflict"),
        EXPIRED(410, "resource-expired", "Resource expired", "Resource has expired"),
        UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "Unsupported media type", "Unsupported Media Type"),
        INVALID_ENTITY(422, "invalid-entity", "Invalid entity", "Invalid entity"),
        VALIDATION_FAILED(422, "validation-failed", "Validation failed", "Invalid entity"),
        INVALID_ARGUMENT(422, "invalid-argument", "Invalid argument", "Illegal argument"),
        INVALID_JSON(422, "invalid-json", "Invalid JSON", "Invalid json"),
        INTERNAL_ERROR(500, "internal-error", "Internal error", "Internal Server Error"),
        TIMEOUT(504, "timeout", "Timeout", "Gateway Timeout");

        final int status;
        final String slug;
        final String title;
        final String prefix;

        Kind(int status, String slug, String title, String prefix) {
            this.status = status;
            this.slug = slug;
            this.title = title;
            this.prefix = prefix;
        }

        static Kind ofStatus(HttpStatus status) {
            for (Kind kind : values()) {
                if (kind.status == status.getCode()) {
                    return kind;
                }
            }
            return status.getCode() < 500 ? BAD_REQUEST : INTERNAL_ERROR;
        }
    }

    static Failure of(Kind kind, String detail) {
        return new Failure(kind, detail, List.of());
    }

    static Failure of(Throwable cause) {
        return switch (cause) {
            case ConstraintViolationException violation -> ofViolations(violation);
            case NotFoundException missing -> of(Kind.NOT_FOUND, missing.getMessage());
            case NoSuchElementException missing -> of(Kind.NOT_FOUND, missing.getMessage());
            case ResourceExpiredException expired -> of(Kind.EXPIRED, expired.getMessage());
            case InputOutputValidationException invalid -> of(Kind.INVALID_ENTITY, invalid.getMessage());
            case InvalidQueryFiltersException invalid -> of(Kind.INVALID_QUERY_FILTERS, invalid.getMessage());
            case InvalidException invalid -> of(Kind.INVALID_ENTITY, invalid.getMessage());
            case ConflictException conflict -> of(ErrorBody.conflictKind(conflict), conflict.getMessage());
            case IllegalStateException conflict -> of(Kind.CONFLICT, conflict.getMessage());
            case IllegalArgumentException invalid -> of(Kind.INVALID_ARGUMENT, invalid.getMessage());
            case JsonProcessingException invalid -> of(Kind.INVALID_JSON, invalid.getMessage());
            case DeserializationException invalid -> of(Kind.INVALID_JSON, invalid.getMessage());
            case TimeoutException timeout -> of(Kind.TIMEOUT, timeout.getMessage());
            default -> cause.getCause() == null || cause.getCause() == cause
                ? of(Kind.INTERNAL_ERROR, null)
                : of(cause.getCause());
        };
    }

    private static Failure ofViolations(ConstraintViolationException cause) {
        if (cause.getConstraintViolations() == null) {
            return of(Kind.VALIDATION_FAILED, cause.getMessage());
        }
        List<Item> items = cause.getConstraintViolations().stream()
            .map(violation -> new Item(violation.getMessage(), String.valueOf(violation.getPropertyPath())))
            .toList();
        return new Failure(Kind.VALIDATION_FAILED, cause.getMessage(), items);
    }
}
