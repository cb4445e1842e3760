import { isTerminal } from "../../kestra/states.ts";
import type { Life } from "./life.ts";

/** A change of state at an instant of the server's clock. */
export interface Change {
  readonly state: string;
  readonly at: number;
}

/** What an execution is created with. */
export interface ExecutionSeed {
  readonly id: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly revision: number;
  readonly createdAt: number;
  /** By how much the clock of the node that took the start is off. */
  readonly nodeSkewMs: number;
  readonly life: Life;
  readonly inputs: Record<string, unknown>;
  readonly labels: readonly { key: string; value: string }[];
  readonly outputs?: Record<string, unknown> | undefined;
  readonly parentId?: string | undefined;
  readonly originalId?: string | undefined;
  /** The execution whose task started it. */
  readonly triggerExecutionId?: string | undefined;
  readonly scheduleDate?: string | undefined;
  readonly taskCount: number;
}

/**
 * An execution of the simulated server. Its whole life is known beforehand and nothing ticks: what it is at an instant
 * is looked up, so that the server leaves no timer behind.
 */
export class SimulatedExecution {
  readonly seed: ExecutionSeed;
  #changes: Change[];
  readonly #onTurn = new Set<() => void>();

  constructor(seed: ExecutionSeed) {
    this.seed = seed;
    const { createdAt, life } = seed;
    this.#changes = [
      { state: "CREATED", at: createdAt },
      ...life.map(({ state, atMs }) => ({ state, at: createdAt + atMs })),
    ];
  }

  get id(): string {
    return this.seed.id;
  }

  /** All changes up to an instant. */
  historyAt(now: number): Change[] {
    return this.#changes.filter(({ at }) => at <= now);
  }

  /** The state at an instant. */
  stateAt(now: number): string {
    return this.#changeAt(now).state;
  }

  /** When it ended or was paused, by the clock of its node; `NaN` while it is going on. */
  endDateAt(now: number): number {
    const { state, at } = this.#changeAt(now);
    // PAUSED carries an end too, as on the real server.
    return isTerminal(state) || state === "PAUSED" ? at + this.seed.nodeSkewMs : Number.NaN;
  }

  #changeAt(now: number): Change {
    let latest: Change = { state: "CREATED", at: this.seed.createdAt };
    for (const change of this.#changes) if (change.at <= now) latest = change;
    return latest;
  }

  /** When it changes next, after an instant. */
  nextChange(after: number): number | undefined {
    return this.#changes.find(({ at }) => at > after)?.at;
  }

  /** When it is over for good; `undefined` when it never is. */
  get endsAt(): number | undefined {
    const last = this.#changes.at(-1);
    return last !== undefined && isTerminal(last.state) ? last.at : undefined;
  }

  /** Drops what was to come, and goes another way from now on. */
  turn(now: number, life: Life): void {
    this.#changes = [
      ...this.historyAt(now),
      ...life.map(({ state, atMs }) => ({ state, at: now + atMs })),
    ];
    for (const listener of this.#onTurn) listener();
  }

  /** Calls back each time that it goes another way. @returns what takes the listener back. */
  onTurn(listener: () => void): () => void {
    this.#onTurn.add(listener);
    return () => this.#onTurn.delete(listener);
  }

  /** True once a task of it was started. */
  hasWorked(now: number): boolean {
    return this.historyAt(now).some(({ state }) => !idleStates.has(state));
  }

  /** Its state as an answer has it. @param upTo - Says no more than this state, though it may be further. */
  stateJson(now: number, upTo?: string): Record<string, unknown> {
    const { createdAt, nodeSkewMs } = this.seed;
    const iso = (at: number) => new Date(at + nodeSkewMs).toISOString();
    const all = this.historyAt(now);
    const end = all.findIndex(({ state }) => state === upTo);
    const history = end === -1 ? all : all.slice(0, end + 1);
    const endDate = end === -1 ? this.endDateAt(now) : Number.NaN;
    return {
      current: history.at(-1)?.state ?? "CREATED",
      histories: history.map(({ state, at }) => ({ state, date: iso(at) })),
      startDate: iso(createdAt),
      ...(!Number.isNaN(endDate) && {
        duration: `PT${(endDate - createdAt - nodeSkewMs) / 1_000}S`,
        endDate: new Date(endDate).toISOString(),
      }),
    };
  }
}

/** In these nothing has begun yet. */
const idleStates = new Set(["CREATED", "QUEUED", "KILLING", "KILLED"]);
