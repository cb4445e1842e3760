import type {
  AgentInfo,
  EvaluationBatch,
  EvaluationBatchReference,
  EvaluationMatrix,
  EvaluationProgress,
} from "../../evaluation/index.ts";
import type { Cli } from "../cli.ts";
import { describeDuration } from "../option-parsers.ts";
import { plain } from "../output.ts";

/** How a matrix is played. */
export interface PlayOptions {
  concurrency?: number;
  journal?: string;
  /** In milliseconds. */
  maxWait?: number;
  killOnInterrupt?: boolean;
}

/** Plays a matrix, telling how far it is, and at a Ctrl-C what it leaves running. */
export async function playMatrix(
  cli: Cli,
  matrix: EvaluationMatrix,
  { concurrency, journal, maxWait, killOnInterrupt }: PlayOptions,
  agents: () => Promise<readonly AgentInfo[]>,
): Promise<EvaluationBatch> {
  const { evaluate } = await import("../../evaluation/index.ts");
  const client = await cli.client();
  cli.leftRunning = `If a batch was just started, "kestra-arena list --flow batch-evaluation --live" shows it.`;
  return await evaluate(client, matrix, {
    agents,
    signal: cli.interrupted,
    onAbort: killOnInterrupt === true ? "cancel" : "detach",
    onBatch: (batch) => {
      cli.output.note(
        `${batch.isResumed ? "Taken up" : "Started"} ${batch.executionId}: ${batch.url}`,
      );
      cli.leftRunning = whatIsLeft(batch, journal, killOnInterrupt === true);
    },
    onProgress: progressTeller(cli, journal),
    ...(concurrency !== undefined && { concurrency }),
    ...(journal !== undefined && { journal }),
    ...(maxWait !== undefined && { maxWaitSeconds: Math.ceil(maxWait / 1_000) }),
  });
}

function whatIsLeft(
  { executionId }: EvaluationBatchReference,
  journal: string | undefined,
  isKilled: boolean,
): string {
  if (isKilled) return `Kestra was told to kill ${executionId} with all its matches.`;
  const again =
    journal === undefined
      ? `Follow it with "kestra-arena watch ${executionId}"`
      : `The same command takes it up again; "kestra-arena report ${plain(journal)}" shows what is there`;
  return `Batch ${executionId} runs on in Kestra. ${again}. "kestra-arena cancel ${executionId}" ends it.`;
}

function progressTeller(cli: Cli, journal: string | undefined) {
  let first: { done: number; atMs: number } | undefined;
  return ({ done, failed, total }: EvaluationProgress): void => {
    if (first === undefined) {
      first = { done: done + failed, atMs: performance.now() };
      if (done > 0) {
        const where = journal === undefined ? "" : ` in ${plain(journal)}`;
        cli.output.note(`${done} of ${total} matches have a result${where} already.`);
      }
      return;
    }
    const ended = done + failed - first.done;
    const leftMs = ((performance.now() - first.atMs) / ended) * (total - done - failed);
    const lost = failed === 0 ? "" : `, ${failed} without a result`;
    const left =
      ended < 1 || done + failed >= total ? "" : `, about ${describeDuration(leftMs)} left`;
    cli.output.progress(`${done}/${total} matches${lost}`, left);
  };
}
