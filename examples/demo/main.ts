/** `npm run demo`: a batch evaluation of the sample arena on a real Kestra. */
import { isArenaError } from "kestra-arena";
import { EngineError } from "../../engine/index.ts";
import { readOptions, UsageError, usage } from "./options.ts";
import { runDemo } from "./run.ts";

const interrupted = new AbortController();
const onSignal = () => {
  // A second Ctrl-C ends the process at once.
  process.off("SIGINT", onSignal);
  process.off("SIGTERM", onSignal);
  interrupted.abort(new Error("interrupted"));
};
process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);

try {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") console.log(usage);
  else await runDemo(options, interrupted.signal);
} catch (error) {
  if (interrupted.signal.aborted) {
    console.error("Interrupted; everything that the demo started was ended.");
    process.exitCode = 130;
  } else if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
  } else if (isArenaError(error) || error instanceof EngineError) {
    console.error(error.message);
    process.exitCode = 1;
  } else {
    throw error;
  }
} finally {
  process.off("SIGINT", onSignal);
  process.off("SIGTERM", onSignal);
}
