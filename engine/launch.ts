import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EngineError } from "./error.ts";
import type { Engine, EngineLine, EngineOptions } from "./options.ts";

/** A quiet machine takes 5 s; one that is busy with other work may take minutes. */
const BOOT_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 5_000;
const POLL_MS = 50;
const READY = /READY (http:\S+)/;
const LOG_ROWS_SHOWN = 15;
/** What a JVM may need of this process's environment; the rest is not the flows' business. */
const PASSED_ON = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"];

interface LaunchOptions extends EngineOptions {
  line: EngineLine;
  javaHome: string;
  classpath: string;
  classCache: string | undefined;
  jvmFlags?: readonly string[];
  /** Ends in order instead of at once. */
  training?: boolean;
  stopLimitMs?: number;
}

interface Jvm {
  child: ChildProcess;
  /** Why there is no process, when there is none. */
  spawnError(): Error | undefined;
}

export async function launch(options: LaunchOptions): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), "kestra-arena-engine-"));
  const logFile = resolve(options.logFile ?? `${folder}.log`);
  await mkdir(dirname(logFile), { recursive: true });

  options.onProgress?.(`Starting the embedded Kestra ${options.line}`);
  const jvm = await spawnJvm(options, logFile);
  const { child } = jvm;
  const clean = () => rm(folder, { recursive: true, force: true });
  child.once("exit", () => void clean().catch(() => {}));
  const stopOnAbort = () => killAll(child);
  options.signal?.addEventListener("abort", stopOnAbort, { once: true });
  child.once("exit", () => options.signal?.removeEventListener("abort", stopOnAbort));

  child.stdin?.on("error", () => {});
  child.stdin?.write(`${JSON.stringify(settings(options, folder))}\n`);
  try {
    const url = await untilReady(jvm, logFile, options.signal);
    // The engine must not keep this process alive: its end is what ends the engine.
    child.unref();
    return handle(child, url, logFile, clean, options);
  } catch (error) {
    await clean();
    throw error;
  }
}

async function spawnJvm(options: LaunchOptions, logFile: string): Promise<Jvm> {
  const log = await open(logFile, "w");
  try {
    const passedOn = PASSED_ON.map((name) => [name, process.env[name]]);
    const environment = Object.fromEntries(passedOn.filter(([, value]) => value !== undefined));
    const child = spawn(join(options.javaHome, "bin", "java"), jvmArguments(options), {
      env: { ...environment, ...options.env },
      stdio: ["pipe", log.fd, log.fd],
      // Ctrl-C at a terminal is for this process, which may still have runs to cancel on the engine.
      detached: true,
    });
    let spawnError: Error | undefined;
    child.once("error", (error) => {
      spawnError = error;
    });
    return { child, spawnError: () => spawnError };
  } finally {
    await log.close();
  }
}

function jvmArguments(options: LaunchOptions): string[] {
  const { classpath, classCache, jvmFlags = [], maxHeapMib = 256 } = options;
  return [
    ...jvmFlags,
    ...(classCache === undefined ? [] : [`-XX:AOTCache=${classCache}`]),
    `-Xmx${maxHeapMib}m`,
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    // JDK 25 mixes up two cached adapters, notices, and warns at every start.
    "-XX:+IgnoreUnrecognizedVMOptions",
    "-XX:+UnlockDiagnosticVMOptions",
    "-XX:-AOTAdapterCaching",
    "-Djava.net.preferIPv4Stack=true",
    // Libraries of Kestra that are loud about it otherwise.
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-classpath",
    classpath,
    "arena.engine.Main",
  ];
}

function settings(options: LaunchOptions, folder: string): Record<string, unknown> {
  const { store = "memory", auth } = options;
  const file = store === "memory" ? null : resolve(store.file);
  const user = typeof auth === "object" ? auth : null;
  return {
    port: options.port ?? 0,
    databaseFile: file,
    storageFolder: file === null ? join(folder, "storage") : `${file}-storage`,
    temporaryFolder: join(folder, "tmp"),
    disposableFolder: folder,
    authentication: user ? "basic" : auth === undefined ? "none" : "unset",
    username: user?.username ?? null,
    password: user?.password ?? null,
    fastRecovery: options.fastRecovery ?? false,
    training: options.training ?? false,
  };
}

async function untilReady(
  { child, spawnError }: Jvm,
  logFile: string,
  signal?: AbortSignal,
): Promise<string> {
  const end = Date.now() + BOOT_LIMIT_MS;
  for (;;) {
    const log = await readFile(logFile, "utf8");
    const url = READY.exec(log)?.[1];
    if (url !== undefined) return url;
    signal?.throwIfAborted();
    if (spawnError() || child.exitCode !== null || child.signalCode !== null) {
      const why = spawnError()?.message ?? lastRows(await readFile(logFile, "utf8"));
      throw new EngineError("boot_failed", `The embedded Kestra did not start:\n${why}`, logFile);
    }
    if (Date.now() > end) {
      killAll(child);
      const seconds = BOOT_LIMIT_MS / 1000;
      throw new EngineError(
        "boot_timeout",
        `The embedded Kestra did not serve within ${seconds} s:\n${lastRows(log)}`,
        logFile,
      );
    }
    await delay(POLL_MS);
  }
}

/** With what the JVM itself started: it writes its class cache by a second one. */
function killAll(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}

function lastRows(log: string): string {
  const rows = log.split("\n").filter((row) => row.trim() !== "" && !row.startsWith("\tat "));
  return rows.slice(-LOG_ROWS_SHOWN).join("\n") || "It wrote nothing.";
}

function handle(
  child: ChildProcess,
  url: string,
  logFile: string,
  clean: () => Promise<void>,
  { line, stopLimitMs = STOP_LIMIT_MS }: LaunchOptions,
): Engine {
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (!hasEnded()) {
      child.ref();
      const exit = once(child, "exit");
      child.stdin?.end();
      const timer = setTimeout(() => killAll(child), stopLimitMs);
      await exit;
      clearTimeout(timer);
    }
    await clean();
  };
  return {
    url,
    line,
    pid: child.pid ?? 0,
    logFile,
    kill: (signal = "SIGKILL") => void child.kill(signal),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
