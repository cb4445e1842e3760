import * as z from "zod";
import { lazy } from "../lazy.ts";
import { type BatchResult, batchEvaluation, type CombinationSummary } from "./batch-evaluation.ts";
import { type AgentCombination, agentCombination } from "./batch-row.ts";
import { defineFlow } from "./define-flow.ts";
import { int, type MatchMode, matchMode } from "./fields.ts";

/** What each run of a schedule plays. */
export interface ScheduledMatchesInput {
  /**
   * When the schedule fires, in the five fields of cron, for the record of each run. It does not move the schedule:
   * `client.scheduleMatches` does.
   *
   * @default "0 *\/6 * * *"
   */
  scheduleCron?: string | undefined;
  /** Who plays whom, 1 to 10,000 combinations. @default some of the arena's own pairings, each in its turn */
  agentCombinations?: readonly AgentCombination[] | undefined;
  /** How many pairings a run picks when it is not given any, 1 to 1,000. @default 3 */
  pairingsPerRun?: number | undefined;
  /** How often each of them is played, 1 to 1,000. @default 1 */
  matchesPerCombination?: number | undefined;
  /** Length and pace of each match; `continuous` needs `maxRounds`. @default "standard" */
  mode?: MatchMode | undefined;
  /** How many matches are played at a time, 1 to 100. Today's backend plays one. @default 1 */
  concurrency?: number | undefined;
  /** Stops each match after that many rounds. @default the mode's own */
  maxRounds?: number | undefined;
  /** Gives up on a match after that many seconds, 1 to 86,400. @default 3600 */
  maxWaitSeconds?: number | undefined;
}

/** What one run of a schedule came to. */
export interface ScheduledMatchesResult extends BatchResult {
  /** Which turn of the schedule it was: the date that it fired for, or the start of a run by hand. */
  tick: string;
  /** Who played whom. */
  agentCombinations: AgentCombination[];
  /** The execution of `batch-evaluation` that played them: the label `arena.batch` of each match. */
  batchId: string;
  /** What each combination's matches came to, in the order of `agentCombinations`. */
  aggregatedResults: CombinationSummary[];
}

const input = lazy(() =>
  z
    .strictObject({
      scheduleCron: z.string().min(1).max(200).optional(),
      agentCombinations: z.array(agentCombination()).min(1).max(10_000).readonly().optional(),
      pairingsPerRun: int(1, 1_000).optional(),
      matchesPerCombination: int(1, 1_000).optional(),
      mode: matchMode().optional(),
      concurrency: int(1, 100).optional(),
      maxRounds: int(1).optional(),
      maxWaitSeconds: int(1, 86_400).optional(),
    })
    .refine(({ mode, maxRounds }) => mode !== "continuous" || maxRounds !== undefined, {
      path: ["maxRounds"],
      error: "a continuous match has no end of its own: give maxRounds",
    }),
);

const output = lazy(() =>
  z
    .object({
      tick: z.string().min(1),
      agent_combinations: z.array(
        z.object({
          red_agent_id: z.string(),
          blue_agent_id: z.string(),
          target_agent_id: z.string(),
        }),
      ),
      batch_id: z.string().min(1),
      total_matches: z.number().int(),
      completed_matches: z.number().int(),
      aggregated_results: z.array(z.unknown()),
      rows_file: z.string().min(1),
    })
    .transform(({ tick, agent_combinations, batch_id, ...batch }, context) => {
      // The rest is a batch's own answer.
      const parsed = batchEvaluation.parse(batch);
      if ("issues" in parsed) {
        for (const issue of parsed.issues) {
          context.addIssue({ code: "custom", message: issue.message, path: [...issue.path] });
        }
        return z.NEVER;
      }
      return {
        ...parsed.result,
        tick,
        agentCombinations: agent_combinations.map((wire) => ({
          redAgentId: wire.red_agent_id,
          blueAgentId: wire.blue_agent_id,
          targetAgentId: wire.target_agent_id,
        })),
        batchId: batch_id,
      } satisfies ScheduledMatchesResult;
    }),
);

/** `scheduled-matches`: one run of a schedule of matches. */
export const scheduledMatches = defineFlow({
  id: "scheduled-matches",
  description: "Plays the combinations that it is given, or the arena's own pairings in turn.",
  input,
  toInputs: (schedule) => ({
    schedule_cron: schedule.scheduleCron,
    agent_combinations: schedule.agentCombinations?.map((agents) => ({
      red_agent_id: agents.redAgentId,
      blue_agent_id: agents.blueAgentId,
      target_agent_id: agents.targetAgentId,
    })),
    pairings_per_run: schedule.pairingsPerRun,
    matches_per_combination: schedule.matchesPerCombination,
    match_mode: schedule.mode,
    concurrency: schedule.concurrency,
    max_rounds: schedule.maxRounds,
    max_wait_seconds: schedule.maxWaitSeconds,
  }),
  output,
  complete: async (result, tools) => {
    const completed = await batchEvaluation.complete(result, tools);
    return "issues" in completed ? completed : { result: { ...result, ...completed.result } };
  },
});
