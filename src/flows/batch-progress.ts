import type { AgentCombination } from "./batch-row.ts";
import type { ProgressRow, ProgressTools } from "./define-flow.ts";

/** How many matches stand where. */
export interface MatchCounts {
  /** Being played, or waiting for their turn in Kestra. */
  running: number;
  /** With a result. */
  completed: number;
  /** Without one: they failed, or the flow gave up on them. */
  failed: number;
  /** Killed or cancelled. */
  cancelled: number;
}

/** One combination's matches, of those that this batch has begun itself. */
export interface CombinationProgress extends AgentCombination, MatchCounts {}

/** How far a batch is. */
export interface BatchProgress extends MatchCounts {
  /** Matches asked for: combinations × matches per combination. */
  total: number;
  /** Those that are over: taken over from an earlier batch, or ended in whatever way. */
  done: number;
  /** Those that were taken over from an earlier batch. */
  takenOver: number;
  /** The combinations of which a match has begun, in the order asked for. */
  combinations: CombinationProgress[];
  /** How long the rest takes at the present pace, in milliseconds; `undefined` before the first match has ended. */
  timeLeftMs: number | undefined;
}

/** Reads how far a batch is from its matches. */
export async function readBatchProgress(tools: ProgressTools): Promise<BatchProgress> {
  const { executionId, labels, inputs } = tools;
  const pairs = Array.isArray(inputs.agent_combinations) ? inputs.agent_combinations : [];
  const total = pairs.length * Number(inputs.matches_per_combination ?? 0);
  // There from the first match on; nothing is over before.
  const toPlay = Number(labels["arena.batch_size"] ?? total);
  const takenOver = Math.max(0, total - toPlay);
  const combinations = new Map<string, CombinationProgress>();
  for (const pair of pairs) combinations.set(keyOf(pair), { ...agentsOf(pair), ...noCounts() });
  const all = noCounts();
  let firstStart = Number.POSITIVE_INFINITY;
  const matches = tools.list({
    flowId: "match-orchestration",
    labels: { "arena.batch": executionId },
  });
  for await (const row of matches) {
    const standing = standingOf(row);
    if (standing === undefined) continue;
    all[standing] += 1;
    const combination = combinations.get(keyOf(row.inputs ?? {}));
    if (combination !== undefined) combination[standing] += 1;
    firstStart = Math.min(firstStart, Date.parse(row.state.startDate ?? "") || firstStart);
  }
  const ended = all.completed + all.failed + all.cancelled;
  const msPerMatch = ended === 0 ? undefined : Math.max(0, Date.now() - firstStart) / ended;
  return {
    total,
    done: takenOver + ended,
    takenOver,
    ...all,
    combinations: [...combinations.values()].filter(hasBegun),
    timeLeftMs: msPerMatch && Math.round(msPerMatch * Math.max(0, toPlay - ended)),
  };
}

const noCounts = (): MatchCounts => ({ running: 0, completed: 0, failed: 0, cancelled: 0 });

const hasBegun = ({ running, completed, failed, cancelled }: MatchCounts) =>
  running + completed + failed + cancelled > 0;

const standings: Readonly<Record<string, keyof MatchCounts | undefined>> = {
  SUCCESS: "completed",
  WARNING: "completed",
  FAILED: "failed",
  KILLED: "cancelled",
  CANCELLED: "cancelled",
  SKIPPED: "cancelled",
};

/** A RETRIED one is played on by another, which counts. */
function standingOf({ state: { current } }: ProgressRow): keyof MatchCounts | undefined {
  if (current === "RETRIED" || current === "RESUBMITTED") return undefined;
  return standings[current] ?? "running";
}

function agentsOf(pair: Readonly<Record<string, unknown>>): AgentCombination {
  const { red_agent_id, blue_agent_id, target_agent_id } = pair;
  return {
    redAgentId: String(red_agent_id),
    blueAgentId: String(blue_agent_id),
    targetAgentId: String(target_agent_id),
  };
}

function keyOf(pair: Readonly<Record<string, unknown>>): string {
  return Object.values(agentsOf(pair)).join(" ");
}
