/** What an {@link EngineError} is about; stable, for programs. */
export type EngineErrorCode =
  | "jdk_missing"
  | "maven_missing"
  | "build_failed"
  | "boot_failed"
  | "boot_timeout";

/** Says why no engine is there and what to do; names the log file when there is one. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  readonly logFile: string | undefined;

  constructor(code: EngineErrorCode, message: string, logFile?: string) {
    super(logFile === undefined ? message : `${message}\nThe whole log: ${logFile}`);
    this.code = code;
    this.logFile = logFile;
  }
}

/** What else runs the flows where the embedded engine cannot. */
export const ALTERNATIVES =
  "Or run the flows on another Kestra: set KESTRA_URL to a server that you have, or start Docker.";
