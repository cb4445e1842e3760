import type { KestraLine } from "../kestra/dialect.ts";
import { FakeFaults } from "./fake-faults.ts";
import { FakeFlows } from "./fake-flows.ts";
import { type MswHandlers, type MswServer, mswHandlers, mswServer } from "./msw-server.ts";
import { playMatches } from "./play-matches.ts";
import { ServerClock } from "./server/clock.ts";
import type { Route } from "./server/faults.ts";
import { SimulatedKestra } from "./server/simulated-kestra.ts";

/** How a fake Kestra is to be. */
export interface FakeKestraOptions {
  /** Which version line answers. `"2"` is the same as `"2.0"`. @default "2.0" */
  readonly line?: KestraLine | "2.0" | undefined;
  /** Where it is: nothing listens there. @default "http://kestra.test" */
  readonly url?: string | undefined;
  /**
   * `"virtual"`: its clock stands still and only `time.advance` moves it. `"real"`: it goes with `Date`, whatever fake
   * timers stand behind it, and `time.advance` puts it forward. @default "real"
   */
  readonly time?: "real" | "virtual" | undefined;
  /** The user that it wants; anybody else is answered 401. @default anybody may */
  readonly auth?: { username: string; password: string } | { apiToken: string } | undefined;
}

/** A request that reached the fake. */
export interface FakeRequest {
  readonly method: string;
  /** The path below the tenant. */
  readonly path: string;
  /** What it was for. */
  readonly route: Route;
}

/** An execution of the fake, as it is now. */
export interface FakeExecution {
  readonly id: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly state: string;
  /** By their names in the YAML; those of a flow of your own as the text or file that was sent. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** The clock of a fake. */
export interface FakeTime {
  /** The present instant, by the fake's clock. */
  now(): Date;
  /** Lets so many milliseconds pass for the fake, at once: executions go on, streams say so. */
  advance(durationMs: number): Promise<void>;
}

/**
 * A Kestra in memory, for tests of code that uses `kestra-arena`. It answers as Kestra's recorded answers do, on both
 * version lines, has the arena's six flows from the start, and goes wrong as it is told.
 *
 * @example
 * ```ts
 * const kestra = fakeKestra({ line: "2.0" });
 * beforeAll(() => kestra.listen());
 * afterEach(() => kestra.reset());
 * afterAll(() => kestra.close());
 *
 * it("retries a match that was lost", async () => {
 *   kestra.flows.onMatch({ state: "FAILED" }, { result: { winner: "red" } });
 *   await myCode(new KestraArenaClient({ url: kestra.url }));
 *   expect(kestra.executions("match-orchestration")).toHaveLength(2);
 * });
 * ```
 */
export function fakeKestra(options: FakeKestraOptions = {}): FakeKestra {
  return new FakeKestra(options);
}

/** What {@link fakeKestra} gives. */
export class FakeKestra {
  /** Where it is: `new KestraArenaClient({ url: kestra.url })`. */
  readonly url: string;
  /** The version line that it answers as. */
  readonly line: KestraLine;
  /** What is to go wrong. */
  readonly faults = new FakeFaults();
  /** Its clock. */
  readonly time: FakeTime;
  readonly #options: FakeKestraOptions;
  #requests: FakeRequest[] = [];
  #closing = new AbortController();
  #server: SimulatedKestra;
  #flows: FakeFlows;
  #msw: MswServer | undefined;

  /** @internal */
  constructor(options: FakeKestraOptions) {
    this.#options = options;
    this.url = options.url ?? "http://kestra.test";
    this.line = options.line === "1.3" ? "1.3" : "2";
    this.#server = this.#createServer();
    this.#flows = this.#createFlows();
    this.time = {
      now: () => new Date(this.#server.now()),
      advance: (durationMs) => this.#server.clock.advance(durationMs),
    };
  }

  /** How the executions of each flow go. */
  get flows(): FakeFlows {
    return this.#flows;
  }

  /** The files of Kestra's storage, by their addresses (`kestra:///…`). */
  get files(): Map<string, string> {
    return this.#server.files;
  }

  /** Every request since the last reset, in order. */
  get requests(): readonly FakeRequest[] {
    return this.#requests;
  }

  /** Every execution since the last reset, in order. @param flowId - Only those of this flow. */
  executions(flowId?: string): FakeExecution[] {
    const now = this.#server.now();
    return this.#server.store
      .existing(now)
      .filter(({ seed }) => flowId === undefined || seed.flowId === flowId)
      .map((execution) => ({
        id: execution.id,
        namespace: execution.seed.namespace,
        flowId: execution.seed.flowId,
        state: execution.stateAt(now),
        inputs: execution.seed.inputs,
        labels: Object.fromEntries(execution.seed.labels.map(({ key, value }) => [key, value])),
      }));
  }

  /**
   * From now on every request of this process to `url` reaches the fake; all others go where they went before.
   *
   * @throws ConfigError when msw is not installed.
   */
  async listen(): Promise<void> {
    if (this.#msw !== undefined) return;
    this.#msw = await mswServer(await this.handlers());
    this.#msw.listen({ onUnhandledFrame: "bypass" });
  }

  /** Takes {@link FakeKestra.listen} back, and ends every stream. */
  close(): void {
    this.#msw?.close();
    this.#msw = undefined;
    this.#endRequests();
  }

  /** Forgets executions, files, requests and faults, and lets every flow succeed again. Open streams are ended. */
  reset(): void {
    this.#endRequests();
    this.faults.clear();
    this.#requests = [];
    this.#server = this.#createServer();
    this.#flows = this.#createFlows();
  }

  /**
   * msw's handlers, for a `setupServer` of your own: `setupServer(...mine, ...(await kestra.handlers()))`.
   *
   * @throws ConfigError when msw is not installed.
   */
  async handlers(): Promise<MswHandlers> {
    return mswHandlers(this.url, async (request) => {
      const { method, headers, signal } = request;
      const isForm = headers.get("content-type")?.startsWith("multipart/form-data");
      const body = isForm ? await request.formData() : await request.text();
      return this.fetch(request.url, { method, headers, signal, ...(body !== "" && { body }) });
    });
  }

  /** A `fetch` that reaches the fake and nothing else; it needs no msw: `new KestraArenaClient({ url, fetch })`. */
  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const { signal } = this.#closing;
    const both = init.signal == null ? signal : AbortSignal.any([init.signal, signal]);
    return this.#server.fetch(input, { ...init, signal: both });
  };

  #createServer(): SimulatedKestra {
    const { auth, time } = this.#options;
    return new SimulatedKestra({
      line: this.line,
      url: this.url,
      clock: new ServerClock(time === "virtual"),
      latencyMs: 0,
      killedLife: [
        { state: "KILLING", atMs: 0 },
        { state: "KILLED", atMs: 0 },
      ],
      faults: (request) => {
        const { method, path, route } = request;
        this.#requests.push({ method, path, route });
        return this.faults.take(request);
      },
      ...(auth !== undefined && { authorization: authorizationOf(auth) }),
    });
  }

  #createFlows(): FakeFlows {
    const server = this.#server;
    return new FakeFlows(server, (start, rows, durationMs) => {
      playMatches(server, start, rows, durationMs);
    });
  }

  #endRequests(): void {
    this.#closing.abort(new Error("The fake Kestra was closed or reset."));
    this.#closing = new AbortController();
  }
}

function authorizationOf(auth: NonNullable<FakeKestraOptions["auth"]>): string {
  if ("apiToken" in auth) return `Bearer ${auth.apiToken}`;
  const bytes = new TextEncoder().encode(`${auth.username}:${auth.password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
