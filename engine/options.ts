/** Kestra's version lines that the engine runs: 2.0 is 2.0.0, 1.3 is 1.3.31. */
export type EngineLine = "2.0" | "1.3";

/** How one engine is to run. */
export interface EngineOptions {
  /** @default "2.0" */
  line?: EngineLine;
  /**
   * `"memory"` forgets everything at the end. A file (without extension; its folder must exist)
   * survives the end of the process, `kill -9` included; files of flows lie beside it.
   * @default "memory"
   */
  store?: "memory" | { file: string };
  /**
   * The one user of HTTP Basic; without it every call is open. `"uninitialised"` is a fresh server:
   * every call is refused until a user was made at `POST /api/v1/main/basicAuth`.
   */
  auth?: { username: string; password: string } | "uninitialised";
  /**
   * The environment of the flows: `ENV_ARENA_API_URL` is `{{ envs.arena_api_url }}`, `SECRET_X`
   * (base64) is `{{ secret('X') }}`. Nothing else of this process's environment reaches them.
   */
  env?: Record<string, string>;
  /** @default a new file in the system's folder for temporary files */
  logFile?: string;
  /** @default a free one */
  port?: number;
  /**
   * The JVM's heap, in MiB. A thousand matches in one batch want more than the default.
   * @default 256
   */
  maxHeapMib?: number;
  /** Ends the start, and later the engine. */
  signal?: AbortSignal;
  /** What is being waited for: a build, a download, a boot. */
  onProgress?: (message: string) => void;
  /**
   * Takes up the tasks of a killed predecessor on the same file within seconds, not minutes.
   * @default false
   */
  fastRecovery?: boolean;
}

/** A running engine. */
export interface Engine extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  readonly line: EngineLine;
  readonly pid: number;
  readonly logFile: string;
  /** @param signal @default "SIGKILL" */
  kill(signal?: NodeJS.Signals): void;
  /** Resolves when the process has ended and its temporary files are gone. */
  stop(): Promise<void>;
}
