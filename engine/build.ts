import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ALTERNATIVES, EngineError } from "./error.ts";
import { withLock } from "./lock.ts";
import type { EngineLine } from "./options.ts";

const PROJECT = fileURLToPath(new URL(".", import.meta.url));
const CACHE = fileURLToPath(new URL("../.cache/engine/", import.meta.url));
const SOURCES = { "2.0": "src/line-2", "1.3": "src/line-1.3" } as const;

interface BuildOptions {
  line: EngineLine;
  javaHome: string;
  environment?: Readonly<Record<string, string | undefined>>;
  onProgress?: ((message: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Where builds are kept. */
  cache?: string;
}

/**
 * The classpath of a line, built by Maven the first time and after each change of its sources.
 * A build has a folder of its own by the hash of its sources, so none changes under a running
 * engine, and two processes never build the same at once.
 * @throws {EngineError} `maven_missing` or `build_failed`.
 */
export async function buildEngine(options: BuildOptions): Promise<string> {
  const cache = options.cache ?? CACHE;
  const folder = join(cache, `${options.line}-${await hashOfSources(options.line)}`);
  return (
    (await builtClasspath(folder)) ??
    (await withLock(
      join(cache, "build.lock"),
      async () => (await builtClasspath(folder)) ?? (await build(folder, options)),
      options.signal,
    ))
  );
}

async function hashOfSources(line: EngineLine): Promise<string> {
  const hash = createHash("sha256");
  const folders = ["src/main", SOURCES[line]];
  for (const file of ["pom.xml", ...(await filesOf(folders))]) {
    hash
      .update(file)
      .update("\0")
      .update(await readFile(join(PROJECT, file)))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

async function filesOf(folders: readonly string[]): Promise<string[]> {
  const lists = folders.map(async (folder) => {
    const entries = await readdir(join(PROJECT, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  });
  return (await Promise.all(lists))
    .flat()
    .map((file) => file.slice(PROJECT.length))
    .sort();
}

/** `undefined` unless all of it is still there: somebody may have emptied the local repository. */
async function builtClasspath(folder: string): Promise<string | undefined> {
  const jars = await readFile(join(folder, "classpath.txt"), "utf8").catch(() => undefined);
  if (jars === undefined || !jars.split(delimiter).every((jar) => existsSync(jar)))
    return undefined;
  return [join(folder, "classes"), jars].join(delimiter);
}

async function build(folder: string, options: BuildOptions): Promise<string> {
  const work = `${folder}.building`;
  const logFile = `${folder}.log`;
  await rm(work, { recursive: true, force: true });
  await writeFile(logFile, "");

  options.onProgress?.(`Building the embedded Kestra ${options.line}`);
  const offline = await maven(work, logFile, ["--offline"], options);
  if (offline !== 0) {
    options.onProgress?.("Downloading Kestra from Maven Central (about 95 MB, once)");
    const online = await maven(work, logFile, [], options);
    if (online !== 0) throw new EngineError("build_failed", await failureOf(logFile), logFile);
  }

  await rm(folder, { recursive: true, force: true });
  await rename(work, folder);
  const classpath = await builtClasspath(folder);
  if (classpath === undefined)
    throw new EngineError("build_failed", await failureOf(logFile), logFile);
  return classpath;
}

async function maven(
  work: string,
  logFile: string,
  flags: readonly string[],
  { line, javaHome, environment = process.env, signal }: BuildOptions,
): Promise<number | null> {
  const log = await open(logFile, "a");
  try {
    const goals = ["--batch-mode", "--no-transfer-progress", ...flags, `-Dline=${line}`];
    const child = spawn("mvn", [...goals, `-Dbuild.folder=${work}`, "process-classes"], {
      cwd: PROJECT,
      env: { ...environment, JAVA_HOME: javaHome },
      stdio: ["ignore", log.fd, log.fd],
      ...(signal === undefined ? {} : { signal }),
    });
    return await new Promise((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) =>
        reject(error.code === "ENOENT" ? mavenMissing() : error),
      );
      child.once("exit", resolve);
    });
  } finally {
    await log.close();
  }
}

function mavenMissing(): EngineError {
  return new EngineError(
    "maven_missing",
    "The embedded Kestra is built by Maven, and no `mvn` is on the PATH. " +
      `Install Maven 3.8 or newer. ${ALTERNATIVES}`,
  );
}

async function failureOf(logFile: string): Promise<string> {
  const errors = (await readFile(logFile, "utf8"))
    .split("\n")
    .filter((row) => row.startsWith("[ERROR]"));
  const first = errors.slice(0, 5).join("\n") || "Maven gave no error line.";
  return `The embedded Kestra could not be built (the first build needs Maven Central):\n${first}`;
}
