import { isArenaError } from "../errors.ts";

/** What the exit codes mean. Stable: scripts branch on them. */
export const exitCodes = {
  /** It was done. */
  done: 0,
  /** It was looked at, and the answer is no: a run that failed, flows that are wrong, a doctor's finding. */
  no: 1,
  /** The command, an option, an input or the environment is wrong. Nothing was sent. */
  usage: 2,
  /** Kestra cannot be reached, refused the credentials, or answered with an error. */
  kestra: 3,
  /** The time was up, or it is not known what came of it. What was started runs on. */
  unknown: 4,
  /** A fault of this program. */
  internal: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** For the end of `--help`. */
export const exitCodesHelp = `Exit codes:
  0    done
  1    the answer is no: the run failed, a check found something
  2    the command or an input is wrong; nothing was sent
  3    Kestra cannot be reached, refused the credentials, or answered with an error
  4    the time was up, or it is not known what came of it; what was started runs on
  130  interrupted (Ctrl-C)`;

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage;
  if (!isArenaError(error)) return exitCodes.internal;
  switch (error.code) {
    case "input":
    case "config":
      return exitCodes.usage;
    case "execution_failed":
    case "execution_killed":
    case "output":
    case "deploy":
    case "dataset":
      return exitCodes.no;
    case "wait_timeout":
    case "start_unknown":
      return exitCodes.unknown;
    default:
      return exitCodes.kestra;
  }
}

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
