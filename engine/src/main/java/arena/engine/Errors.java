package arena.engine;

import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.validation.exceptions.ConstraintExceptionHandler;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every error that leaves the engine, in the shape of its line. */
final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger("arena.engine");

    /** What the API throws. */
    @Singleton
    static final class Thrown implements ExceptionHandler<Throwable, HttpResponse<?>> {
        @Override
        public HttpResponse<?> handle(HttpRequest request, Throwable cause) {
            Failure failure = Failure.of(cause);
            if (failure.kind().status >= 500) {
                LOG.error("{} {}", request.getMethod(), request.getPath(), cause);
            }
            return ErrorBody.of(request, failure, true);
        }
    }

    /** Micronaut's validation would answer these with its own 400. */
    @Singleton
    @Replaces(ConstraintExceptionHandler.class)
    static final class Violated implements ExceptionHandler<ConstraintViolationException, HttpResponse<?>> {
        @Override
        public HttpResponse<?> handle(HttpRequest request, ConstraintViolationException cause) {
            return ErrorBody.of(request, Failure.of(cause), true);
        }
    }

    /** What Micronaut refuses by itself: no such route, method, media type. */
    @Singleton
    @Primary
    static final class Refused implements ErrorResponseProcessor<Object> {
        @Override
        @SuppressWarnings({"unchecked", "rawtypes"})
        public MutableHttpResponse<Object> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
            Failure.Kind kind = context.getRootCause().filter(ConversionErrorException.class::isInstance).isPresent()
                ? Failure.Kind.INVALID_QUERY_PARAMETER
                : Failure.Kind.ofStatus(response.status());
            String detail = context.hasErrors() ? context.getErrors().getFirst().getMessage() : null;
            boolean isMissingRoute = kind == Failure.Kind.NOT_FOUND;
            Failure failure = Failure.of(kind, isMissingRoute ? null : detail);
            MutableHttpResponse answer = ErrorBody.of(context.getRequest(), failure, !isMissingRoute);
            response.getHeaders().forEachValue((name, value) -> {
                if (name.equalsIgnoreCase("Allow")) {
                    answer.header(name, value);
                }
            });
            return answer;
        }
    }

    private Errors() {
    }
}
