/** Gets a Kestra to run the flows on: the one that `KESTRA_URL` names, else one in Docker, else the embedded engine. */
import { startEngine } from "../../engine/index.ts";
import { hasDocker, startInDocker } from "./kestra-in-docker.ts";

/** A Kestra, and what has to be done when it is no longer needed. */
export interface FoundKestra extends AsyncDisposable {
  /** Its base URL. */
  url: string;
  /** Where it came from, in words. */
  origin: string;
  /** Its user; `undefined` when it is to come from the environment, or when there is none. */
  auth: { username: string; password: string } | undefined;
}

/** How a Kestra is looked for. */
export interface FindKestraOptions {
  /** The version line. Only for a Kestra that is started here: one that runs already has its own. */
  line: "2.0" | "1.3";
  /** Told what is waited for. */
  onProgress: (message: string) => void;
  /** Gives up. */
  signal: AbortSignal;
}

/** Finds or starts a Kestra. @throws an error that says what is missing and what the alternatives are. */
export async function findKestra(options: FindKestraOptions): Promise<FoundKestra> {
  const url = process.env.KESTRA_URL;
  if (url) {
    return {
      url,
      origin: "KESTRA_URL",
      auth: undefined,
      // It was there before, and stays.
      [Symbol.asyncDispose]: async () => {},
    };
  }
  if (await hasDocker()) return startInDocker(options);
  const { line, onProgress, signal } = options;
  const engine = await startEngine({ line, onProgress, signal });
  return {
    url: engine.url,
    origin: `the embedded engine, line ${line}`,
    auth: undefined,
    [Symbol.asyncDispose]: () => engine.stop(),
  };
}
