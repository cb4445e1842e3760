import { isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import { isPassing, jitteredPauseMs } from "../kestra/retries.ts";

/** A server that answers with an error so often will go on to. One that does not answer may be starting again. */
const maxErrorAnswers = 5;

/**
 * Reads until there is an answer, as long as the signal lets it: an execution has ended, and that the server is being
 * started again at that moment must not lose what it came to.
 *
 * @param of - The execution that is read of.
 */
export async function persist<Value>(
  read: () => Promise<Value>,
  signal: AbortSignal,
  of: { readonly mayBeMissing: boolean },
): Promise<Value> {
  let errorAnswers = 0;
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      // What was just started may be found by a search before it can be read.
      const isMissing = isArenaError(error, "not_found") && of.mayBeMissing;
      if (signal.aborted || !(isMissing || isPassing(error))) throw error;
      if (!isMissing && !isArenaError(error, "connection")) errorAnswers += 1;
      if (errorAnswers >= maxErrorAnswers) throw error;
    }
    await sleep(jitteredPauseMs(tries), signal);
  }
}
