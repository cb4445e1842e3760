import type { RequestSummary } from "../errors.ts";
import type { Redact } from "./redact.ts";
import type { KestraRequest } from "./request.ts";

/** A request on its way: where it goes, and what may be said of it. */
export class OutgoingRequest {
  /** What was asked for. */
  readonly request: KestraRequest;
  /** The whole address. */
  readonly url: string;
  readonly #redact: Redact;
  #summary: RequestSummary | undefined;

  constructor(request: KestraRequest, url: string, redact: Redact) {
    this.request = request;
    this.url = url;
    this.#redact = redact;
  }

  /** What an error, a hook or a span may show; made when one of them asks, as most calls have none. */
  get summary(): RequestSummary {
    this.#summary ??= { method: this.request.method, url: this.redact(this.url) };
    return this.#summary;
  }

  /** Takes credentials out of a text, and the part of this request's path that is one. */
  redact(text: string): string {
    const { secret } = this.request;
    const redacted = this.#redact(text);
    return secret === undefined ? redacted : redacted.replaceAll(secret, "[redacted]");
  }
}
