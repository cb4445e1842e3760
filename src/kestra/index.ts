import { Connection } from "./connection.ts";
import type { KestraLine, ServerInfo } from "./dialect.ts";
import { ExecutionsApi } from "./executions.ts";
import { FlowsApi } from "./flows.ts";
import { KvApi } from "./kv.ts";
import { LogsApi } from "./logs.ts";
import { Transport, type TransportSettings } from "./transport.ts";
import { TriggersApi } from "./triggers.ts";
import { WebhooksApi } from "./webhooks.ts";

/** What {@link KestraApi} is made from. */
export interface KestraApiSettings extends TransportSettings {
  /** The server's line, when it is not to be asked for. */
  line: KestraLine | undefined;
  /** Told once which server it is. */
  onServer: (server: ServerInfo) => void;
}

/**
 * The thin typed layer over Kestra's REST API, for what the client above does not cover: one method a request, both
 * version lines, typed errors.
 */
export class KestraApi {
  /** Executions: create, get, search, follow, act. */
  readonly executions: ExecutionsApi;
  /** Flows, one a call. */
  readonly flows: FlowsApi;
  /** Logs. */
  readonly logs: LogsApi;
  /** Schedules' states. */
  readonly triggers: TriggersApi;
  /** A namespace's key-value store. */
  readonly kv: KvApi;
  /** Flows' webhook triggers. */
  readonly webhooks: WebhooksApi;
  readonly #connection: Connection;

  constructor({ line, onServer, ...settings }: KestraApiSettings) {
    this.#connection = new Connection(new Transport(settings), line, onServer);
    this.executions = new ExecutionsApi(this.#connection);
    this.flows = new FlowsApi(this.#connection);
    this.logs = new LogsApi(this.#connection);
    this.triggers = new TriggersApi(this.#connection);
    this.kv = new KvApi(this.#connection);
    this.webhooks = new WebhooksApi(this.#connection);
  }

  /** Kestra's base URL. */
  get url(): string {
    return this.#connection.transport.url;
  }

  /** The server's version line: the one that was given, or the one that it was asked for once. */
  async line(signal?: AbortSignal): Promise<KestraLine> {
    return (await this.#connection.dialect(signal)).line;
  }

  /** The server's version, asked for once. */
  async server(signal?: AbortSignal): Promise<ServerInfo> {
    return this.#connection.server(signal);
  }

  /** Takes the client's credentials out of a text. */
  redact(text: string): string {
    return this.#connection.transport.redact(text);
  }
}
