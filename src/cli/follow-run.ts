import { isArenaError } from "../errors.ts";
import type { BatchProgress, Execution, Outcome } from "../index.ts";
import { sleep } from "../kestra/deadline.ts";
import type { Cli } from "./cli.ts";
import { exitCodes } from "./exit-codes.ts";
import { describeDuration } from "./option-parsers.ts";
import { plain } from "./output.ts";

/** How often a run that tells how far it is is asked, in milliseconds. */
const progressMs = 2_000;

/**
 * Shows a run's states as they come, and how far it is where it tells; then prints what it came to. The exit code says
 * whether it went well.
 */
export async function followRun(
  cli: Cli,
  execution: Execution<unknown>,
  { timeoutMs }: { timeoutMs?: number | undefined },
): Promise<void> {
  cli.leftRunning =
    `Execution ${execution.id} of ${execution.flowId} runs on in Kestra. Follow it again with ` +
    `"kestra-arena watch ${execution.id}", or end it with "kestra-arena cancel ${execution.id}".`;
  const end = new AbortController();
  const signal = AbortSignal.any([cli.interrupted, end.signal]);
  const shown = showProgress(cli, execution, signal);
  try {
    const outcome = await execution.outcome({ signal: cli.interrupted, timeoutMs });
    end.abort();
    await shown;
    printOutcome(cli, execution, outcome);
  } finally {
    end.abort();
    await shown;
  }
}

async function showProgress(
  cli: Cli,
  execution: Execution<unknown>,
  signal: AbortSignal,
): Promise<void> {
  let state = execution.lastState;
  let progress = "";
  const show = () => cli.output.progress(`${execution.id} ${state}${progress}`);
  const asked = askProgress(execution, signal, (text) => {
    progress = text;
    show();
  });
  try {
    for await (const { current } of execution.states({ signal })) {
      state = current;
      show();
    }
  } catch (error) {
    // The outcome itself is waited for elsewhere, and says what is wrong.
    if (!signal.aborted && !isArenaError(error)) throw error;
  }
  await asked;
}

async function askProgress(
  execution: Execution<unknown>,
  signal: AbortSignal,
  onProgress: (text: string) => void,
): Promise<void> {
  if (!("progress" in execution)) return;
  const ask = execution.progress as (options: object) => Promise<BatchProgress>;
  while (!signal.aborted) {
    try {
      onProgress(describe(await ask.call(execution, { signal })));
    } catch (error) {
      if (!signal.aborted && !isArenaError(error)) throw error;
    }
    await sleep(progressMs, signal).catch(() => {});
  }
}

function describe({ done, total, timeLeftMs }: BatchProgress): string {
  const left = timeLeftMs === undefined ? "" : `, about ${describeDuration(timeLeftMs)} left`;
  return ` ${done}/${total} matches${left}`;
}

function printOutcome(cli: Cli, execution: Execution<unknown>, outcome: Outcome<unknown>): void {
  const { id: executionId, flowId, url } = execution;
  const { state } = outcome;
  if (outcome.ok) {
    const { result } = outcome;
    const text = `${executionId} ${state}\n${JSON.stringify(result, undefined, 2)}`;
    cli.output.result({ executionId, flowId, url, state, ok: true, result }, text);
    return;
  }
  const { code, message } = outcome.error;
  const error = { code, message };
  cli.exitCode = exitCodes.no;
  cli.output.result(
    { executionId, flowId, url, state, ok: false, error },
    `${executionId} ${state}\n${plain(message)}`,
  );
}
