/** The steps that drop events, in their order. */
const buildSteps = [
  "select",
  "reject",
  "scrub",
  "dedupe",
  "split",
  "cap",
  "balance",
  "pair",
  "validate",
] as const;

/** A step of the pipeline. */
export type BuildStep = (typeof buildSteps)[number];

/** What became of the events: every one that was read is kept, or dropped by one step for one reason. */
export interface EventCounts {
  read: number;
  /** In the rows that were written. */
  kept: number;
  /** By step and reason. */
  dropped: Partial<Record<BuildStep, Record<string, number>>>;
}

/** Keeps the books: what was read, and what became of it. */
export class EventLedger {
  #read = 0;
  #kept = 0;
  readonly #dropped = new Map<BuildStep, Map<string, number>>();

  get read(): number {
    return this.#read;
  }

  addRead(events: number): void {
    this.#read += events;
  }

  keep(events: number): void {
    this.#kept += events;
  }

  drop(step: BuildStep, reason: string, events: number): void {
    if (events === 0) return;
    const reasons = this.#dropped.get(step) ?? new Map<string, number>();
    reasons.set(reason, (reasons.get(reason) ?? 0) + events);
    this.#dropped.set(step, reasons);
  }

  counts(): EventCounts {
    const dropped: EventCounts["dropped"] = {};
    for (const step of buildSteps) {
      const reasons = this.#dropped.get(step);
      if (reasons !== undefined) dropped[step] = Object.fromEntries([...reasons].toSorted());
    }
    return { read: this.#read, kept: this.#kept, dropped };
  }
}
