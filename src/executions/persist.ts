import { isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import { isPassing, jitteredPauseMs } from "../kestra/retries.ts";

/** A server that answers with an error so often will go on to. One that does not answer may be starting again. */
const maxErrorAnswers = 5;

/**
 * Reads until there is an answer, as long as the signal lets it: an execution has ended, and that the server is being
 * started again at that moment must not lose what it came to.
 */
export async function persist<Value>(
  read: () => Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  let errorAnswers = 0;
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
      if (!isArenaError(error, "connection")) errorAnswers += 1;
      if (errorAnswers >= maxErrorAnswers) throw error;
    }
    await sleep(jitteredPauseMs(tries), signal);
  }
}
