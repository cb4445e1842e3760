import type { Fault, Route, SimulatedRequest, StreamFault } from "./server/faults.ts";

interface NamedFault {
  /** The requests that it can meet. */
  readonly routes: readonly Route[] | "any";
  readonly fault: Fault;
}

const stream = (how: StreamFault): NamedFault => ({
  routes: ["follow"],
  fault: { kind: "stream", how },
});

const html = { "content-type": "text/html" };

/** Every fault that has a name. */
const named = {
  /** The execution is created, and the answer is a 504 without its id, as Kestra 2.x and proxies do it. */
  created504: { routes: ["create"], fault: { kind: "answer", status: 504, isDone: true } },
  /** The execution is created, and the connection breaks before the answer. */
  lostAnswer: { routes: ["create"], fault: { kind: "reset", when: "after" } },
  /** The execution that was just created cannot be read yet. */
  notFoundAfterCreate: {
    routes: ["get", "follow"],
    fault: { kind: "problem", status: 404, slug: "not-found" },
  },
  /** The search does not show what is there: its index lags behind. */
  emptySearch: {
    routes: ["search"],
    fault: {
      kind: "answer",
      status: 200,
      headers: { "content-type": "application/json" },
      body: '{"results":[],"total":0}',
    },
  },
  /** The outputs of an execution that has ended cannot be read yet (2.x). */
  outputsNotYet: {
    routes: ["outputs"],
    fault: { kind: "problem", status: 404, slug: "not-found" },
  },
  /** A killed execution stays in KILLING. */
  killHangs: { routes: ["kill"], fault: { kind: "kill-hangs" } },
  /** No byte of the stream ever comes. */
  silentStream: stream("silent"),
  /** The present state comes, and then nothing. */
  stalledStream: stream("stalls"),
  /** The stream ends before the execution does. */
  endEarly: stream("ends-early"),
  /** The connection breaks after the present state. */
  brokenStream: stream("breaks"),
  /** The stream ends in the middle of its last frame. */
  halfFrame: stream("half-frame"),
  /** Something else than frames comes. */
  garbageStream: stream("garbage"),
  /** Every frame comes twice. */
  repeatedFrames: stream("repeats"),
  /** Older states come again after newer ones. */
  backwardFrames: stream("backwards"),
  /** The end of somebody else's execution comes first. */
  foreignFrames: stream("foreign"),
  /** Nothing can be reached: the connection breaks before anything is done. */
  connectionReset: { routes: "any", fault: { kind: "reset", when: "before" } },
  /** The answer breaks off in the middle. */
  brokenAnswer: { routes: "any", fault: { kind: "reset", when: "body" } },
  /** No answer ever comes, and nothing is done. */
  noAnswer: { routes: "any", fault: { kind: "hang" } },
  /** A proxy answers with a page for people. */
  proxyPage: {
    routes: "any",
    fault: { kind: "answer", status: 200, headers: html, body: "<html>Sign in</html>" },
  },
  /** 429 of a proxy, to be tried again at once. */
  tooManyRequests: {
    routes: "any",
    fault: { kind: "answer", status: 429, headers: { ...html, "retry-after": "0" } },
  },
  /** 503. */
  unavailable: {
    routes: "any",
    fault: { kind: "problem", status: 503, slug: "service-unavailable" },
  },
  /** 500. */
  internalError: {
    routes: "any",
    fault: { kind: "problem", status: 500, slug: "internal-error" },
  },
  /** 401. */
  unauthorized: { routes: "any", fault: { kind: "problem", status: 401, slug: "unauthenticated" } },
  /** 403. */
  forbidden: { routes: "any", fault: { kind: "problem", status: 403, slug: "forbidden" } },
} as const satisfies Record<string, NamedFault>;

/** The name of a fault; the guide says what each one does. */
export type FaultName = keyof typeof named;

/** The names of all faults. */
export const faultNames = Object.keys(named) as FaultName[];

/** Which requests a fault meets. */
export interface FaultOptions {
  /** How many. @default 1 */
  readonly times?: number | undefined;
  /** Only those that this is true for. @default all that the fault can meet */
  readonly when?: ((request: SimulatedRequest) => boolean) | undefined;
}

/** What is to go wrong. Faults are met in the order in which they were added, one a request. */
export class FakeFaults {
  #pending: { name: FaultName; left: number; when: (request: SimulatedRequest) => boolean }[] = [];

  /**
   * Lets the next requests that the fault can meet go wrong.
   *
   * @example
   * ```ts
   * kestra.faults.add("created504");
   * kestra.faults.add("silentStream", { times: Infinity });
   * ```
   */
  add(name: FaultName, { times = 1, when = () => true }: FaultOptions = {}): void {
    if (!(name in named)) {
      throw new TypeError(`There is no fault ${name}; there are ${faultNames.join(", ")}.`);
    }
    this.#pending.push({ name, left: times, when });
  }

  /** Nothing goes wrong any more. */
  clear(): void {
    this.#pending = [];
  }

  /** The faults that no request has met, or not often enough: a test may want there to be none. */
  get unmet(): FaultName[] {
    return this.#pending.filter(({ left }) => Number.isFinite(left)).map(({ name }) => name);
  }

  /** @internal */
  take(request: SimulatedRequest): Fault | undefined {
    const index = this.#pending.findIndex(
      ({ name, when }) => canMeet(named[name], request) && when(request),
    );
    const pending = this.#pending[index];
    if (pending === undefined) return undefined;
    pending.left -= 1;
    if (pending.left <= 0) this.#pending.splice(index, 1);
    return named[pending.name].fault;
  }
}

/** The question for the version is spared: a client asks it once, at a moment that a test does not see. */
function canMeet({ routes }: NamedFault, { route }: SimulatedRequest): boolean {
  return routes === "any" ? route !== "configs" : routes.includes(route);
}
