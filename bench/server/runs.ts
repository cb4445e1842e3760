import type { SpawnedRun } from "./protocol.ts";

/** An execution that ends by the clock. */
export class Run {
  readonly id: string;
  readonly startedAt = Date.now();
  /** In ms since the epoch; `Infinity` while it is held. */
  endsAt: number;

  constructor(id: string, durationMs: number) {
    this.id = id;
    this.endsAt = this.startedAt + durationMs;
  }

  /** As 2.x answers one execution: with slim task runs. */
  describe() {
    return { ...this.describeLight(), taskRunList: this.#taskRuns() };
  }

  /** As 2.x answers a row of a search, and a start: without task runs. */
  describeLight() {
    const hasEnded = Date.now() >= this.endsAt;
    const start = new Date(this.startedAt).toISOString();
    const end = hasEnded ? new Date(this.endsAt).toISOString() : "";
    return {
      tenantId: "main",
      id: this.id,
      namespace: "ai-arena",
      flowId: "match-orchestration",
      flowRevision: 1,
      inputs: {
        match_mode: "quick",
        red_agent_id: agent,
        blue_agent_id: agent,
        target_agent_id: agent,
      },
      labels: [
        { key: "arena.request", value: this.id },
        { key: "arena.client", value: agent },
        { key: "system.correlationId", value: this.id },
      ],
      state: {
        current: hasEnded ? "SUCCESS" : "RUNNING",
        histories: [
          { state: "CREATED", date: start },
          { state: "RUNNING", date: start },
          ...(hasEnded ? [{ state: "SUCCESS", date: end }] : []),
        ],
        startDate: start,
        ...(hasEnded && { endDate: end }),
      },
      originalId: this.id,
      metadata: { attemptNumber: 1, originalCreatedDate: start },
    };
  }

  #taskRuns() {
    const date = new Date(this.startedAt).toISOString();
    return ["agents", "create", "follow", "events", "metrics"].map((taskId) => ({
      id: `${this.id}-${taskId}`,
      taskId,
      attempts: [
        { state: { current: "SUCCESS", histories: [{ state: "CREATED", date }], startDate: date } },
      ],
      state: { current: "SUCCESS", histories: [{ state: "CREATED", date }], startDate: date },
    }));
  }
}

const agent = "7f6ff1f2-4f40-4d3b-9d4a-1d8c3c1e9d01";

/** The server's executions. */
export class RunStore {
  readonly #runs = new Map<string, Run>();
  /** By their end, so that those that have ended are a prefix. */
  #byEnd: Run[] | undefined;
  #next = 0;
  #isHolding = false;

  get(id: string): Run | undefined {
    return this.#runs.get(id);
  }

  all(): Run[] {
    return [...this.#runs.values()];
  }

  /** The answer to a start: of one that has ended at once and is forgotten, unless they are held. */
  create() {
    if (this.#isHolding) return this.#add(Number.POSITIVE_INFINITY).describeLight();
    const run = this.#add(0);
    this.#runs.delete(run.id);
    return run.describeLight();
  }

  spawn({ count, ...spread }: { count: number; minMs: number; maxMs: number }): SpawnedRun[] {
    for (let index = 0; index < count; index += 1) this.#add(Number.POSITIVE_INFINITY);
    return this.release(spread);
  }

  hold(): void {
    this.#isHolding = true;
  }

  release({ minMs, maxMs }: { minMs: number; maxMs: number }): SpawnedRun[] {
    this.#isHolding = false;
    this.#byEnd = undefined;
    const held = this.all().filter(({ endsAt }) => endsAt === Number.POSITIVE_INFINITY);
    const now = Date.now();
    for (const [index, run] of held.entries()) {
      const share = held.length === 1 ? 0 : index / (held.length - 1);
      run.endsAt = Math.round(now + minMs + share * (maxMs - minMs));
    }
    return held.map(({ id, endsAt }) => ({ id, endsAt }));
  }

  endedNewestFirst(): Run[] {
    this.#byEnd ??= this.all().sort((first, second) => first.endsAt - second.endsAt);
    const now = Date.now();
    const firstLive = this.#byEnd.findIndex((run) => run.endsAt > now);
    return this.#byEnd.slice(0, firstLive === -1 ? undefined : firstLive).reverse();
  }

  clear(): void {
    this.#runs.clear();
    this.#isHolding = false;
    this.#byEnd = undefined;
  }

  #add(durationMs: number): Run {
    this.#next += 1;
    const run = new Run(`run${String(this.#next).padStart(18, "0")}`, durationMs);
    this.#runs.set(run.id, run);
    this.#byEnd = undefined;
    return run;
  }
}
