import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ALTERNATIVES, EngineError } from "./error.ts";
import { withLock } from "./lock.ts";
import type { EngineLine } from "./options.ts";
import { train } from "./train.ts";

const PROJECT = fileURLToPath(new URL(".", import.meta.url));
const CACHE = fileURLToPath(new URL("../.cache/engine/", import.meta.url));
const SOURCES = { "2.0": "src/line-2", "1.3": "src/line-1.3" } as const;

/** What a JVM needs to run a line. */
export interface EngineBuild {
  classpath: string;
  /** The JVM's cache of loaded classes, which halves its start; not there if it could not be made. */
  classCache: string | undefined;
}

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
 * A line, built by Maven the first time and after each change of its sources. A build has a folder
 * of its own by the hash of its sources, so none changes under a running engine, and two processes
 * never build the same at once.
 * @throws {EngineError} `maven_missing` or `build_failed`.
 */
export async function buildEngine(options: BuildOptions): Promise<EngineBuild> {
  const cache = options.cache ?? CACHE;
  const folder = join(cache, `${options.line}-${await hashOfSources(options.line)}`);
  const present = await find(folder);
  if (present !== undefined) return present;
  return withLock(
    join(cache, "build.lock"),
    async () => (await find(folder)) ?? (await build(cache, folder, options)),
    options.signal,
  );
}

async function hashOfSources(line: EngineLine): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["pom.xml", ...(await filesOf(["src/main", SOURCES[line]]))]) {
    const content = await readFile(join(PROJECT, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

async function filesOf(folders: readonly string[]): Promise<string[]> {
  const lists = folders.map(async (folder) => {
    const entries = await readdir(join(PROJECT, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => join(entry.parentPath, entry.name).slice(PROJECT.length));
  });
  return (await Promise.all(lists)).flat().sort();
}

/** `undefined` unless all of it is still there: somebody may have emptied the local repository. */
async function find(folder: string): Promise<EngineBuild | undefined> {
  const jars = await readFile(join(folder, "classpath.txt"), "utf8").catch(() => undefined);
  if (jars === undefined || !jars.split(delimiter).every((jar) => existsSync(jar)))
    return undefined;
  const classCache = join(folder, "classes.aot");
  return {
    classpath: [join(folder, "engine.jar"), jars].join(delimiter),
    classCache: existsSync(classCache) ? classCache : undefined,
  };
}

async function build(cache: string, folder: string, options: BuildOptions): Promise<EngineBuild> {
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

  await removeOlder(cache, folder, options.line);
  // One is there when its sources are the same but a jar of the local repository is gone.
  await rm(folder, { recursive: true, force: true });
  await rename(work, folder);
  const built = await find(folder);
  if (built === undefined) throw new EngineError("build_failed", await failureOf(logFile), logFile);
  options.onProgress?.(`Preparing fast starts of Kestra ${options.line} (once)`);
  await train({ ...options, classpath: built.classpath, output: join(folder, "classes.aot") });
  return (await find(folder)) ?? built;
}

/** Each is large; an engine that still runs on one keeps its files open. */
async function removeOlder(cache: string, folder: string, line: EngineLine): Promise<void> {
  const names = await readdir(cache);
  const isOlder = (name: string) =>
    name.startsWith(`${line}-`) && !name.startsWith(basename(folder));
  const paths = names.filter(isOlder).map((name) => join(cache, name));
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
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
  const log = await readFile(logFile, "utf8");
  const errors = log.split("\n").filter((row) => row.startsWith("[ERROR]"));
  const first = errors.slice(0, 5).join("\n") || "Maven gave no error line.";
  return `The embedded Kestra could not be built (the first build needs Maven Central):\n${first}`;
}
