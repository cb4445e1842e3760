import { createTimeline, type Fate, instantOf, roundLimit } from "./lifecycle.ts";
import { emptyTally, type MatchRecord } from "./matches.ts";
import { drawMatchEffect } from "./play.ts";
import type { Strengths } from "./strengths.ts";
import type { Agent, MatchMode, Metadata } from "./types.ts";

export interface MatchInput {
  red: Agent;
  blue: Agent;
  target: Agent;
  mode: MatchMode;
  metadata?: Metadata;
}

export interface MatchStore {
  create(input: MatchInput): MatchRecord;
  get(id: string): MatchRecord | undefined;
  /** Newest first. */
  list(limit: number, offset: number): MatchRecord[];
  all(): readonly MatchRecord[];
  /** The matches that are pending or running. */
  live(): MatchRecord[];
  /** The most matches that were ever live at once. */
  peakLive(): number;
}

export interface MatchStoreOptions {
  seed: number;
  timeScale: number;
  matchEffectDeviation: number;
  strengths: Strengths;
  now: () => number;
  isOneAtATime: () => boolean;
  /** What the faults have in store for this match. */
  injectedFate: (input: MatchInput) => Fate | undefined;
}

export function createMatchStore(options: MatchStoreOptions): MatchStore {
  const records: MatchRecord[] = [];
  const byId = new Map<string, MatchRecord>();
  const playedOf = new Map<string, number>();
  let live: MatchRecord[] = [];
  let peak = 0;

  function prunedLive(): MatchRecord[] {
    live = live.filter((record) => isLive(record, options.now()));
    return live;
  }

  /** A cancelled match uses up no repetition: the retry plays what it would have played. */
  function nextKey(input: MatchInput, fate: Fate): string {
    const { red, blue, target } = input;
    const sides = [red, blue, target].map(({ id, version }) => `${id}@${version}`);
    const combination = [options.seed, ...sides, input.mode].join("|");
    const repetition = playedOf.get(combination) ?? 0;
    if (fate.kind !== "cancelled") playedOf.set(combination, repetition + 1);
    return `${combination}|${repetition}`;
  }

  function fateOf(input: MatchInput): Fate {
    const isBusy = options.isOneAtATime() && prunedLive().length > 0;
    if (isBusy) return { kind: "cancelled", afterRounds: 0, reason: "Another match is running." };
    return options.injectedFate(input) ?? { kind: "plays-on" };
  }

  return {
    create(input) {
      const fate = fateOf(input);
      const key = nextKey(input, fate);
      const createdAtMs = options.now();
      const number = String(records.length + 1).padStart(4, "0");
      const record: MatchRecord = {
        ...input,
        id: `AR-${new Date(createdAtMs).getUTCFullYear()}-${number}`,
        play: {
          key,
          red: options.strengths.of(input.red),
          blue: options.strengths.of(input.blue),
          target: options.strengths.of(input.target),
          matchEffect: drawMatchEffect(key, options.matchEffectDeviation),
        },
        timeline: createTimeline(input.mode, createdAtMs, options.timeScale, fate),
        tally: emptyTally(),
      };
      records.push(record);
      byId.set(record.id, record);
      live.push(record);
      peak = Math.max(peak, prunedLive().length);
      return record;
    },
    get: (id) => byId.get(id),
    list(limit, offset) {
      const end = Math.max(records.length - offset, 0);
      return records.slice(Math.max(end - limit, 0), end).reverse();
    },
    all: () => records,
    live: prunedLive,
    peakLive: () => peak,
  };
}

/** A match that is cancelled before it starts stands in nobody's way, even while it is pending. */
function isLive({ timeline }: MatchRecord, nowMs: number): boolean {
  const { status } = instantOf(timeline, nowMs);
  return roundLimit(timeline) > 0 && (status === "pending" || status === "running");
}
