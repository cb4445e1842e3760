import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { ALTERNATIVES, EngineError } from "./error.ts";

const run = promisify(execFile);
const MINIMUM_MAJOR = 25;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The home of a JDK that can compile and run Kestra: the first of `KESTRA_ARENA_JAVA_HOME`,
 * `JAVA_HOME`, the usual folders of Linux, macOS and SDKMAN, and `PATH` that is new enough.
 * The PATH comes last because it often holds an older Java for other work. Where
 * `KESTRA_ARENA_JAVA_HOME` is set, it is taken at its word and nothing else is looked at.
 * @throws {EngineError} `jdk_missing`, with what was found instead.
 */
export async function findJavaHome(
  environment: Environment = process.env,
  folders: readonly string[] = usualFolders(environment),
): Promise<string> {
  const tooOld: string[] = [];
  for (const home of candidates(environment, folders)) {
    const major = await majorVersion(home);
    if (major >= MINIMUM_MAJOR) return home;
    if (major > 0) tooOld.push(`${home} (${major})`);
  }
  const chosen = environment.KESTRA_ARENA_JAVA_HOME;
  const where = chosen ? ` in KESTRA_ARENA_JAVA_HOME (${chosen})` : "";
  const seen =
    tooOld.length === 0 ? `none was found${where}` : `found only ${tooOld.join(", ")}${where}`;
  throw new EngineError(
    "jdk_missing",
    `The embedded Kestra needs a JDK ${MINIMUM_MAJOR} or newer; ${seen}. ` +
      `Install one and set JAVA_HOME (or KESTRA_ARENA_JAVA_HOME) to its folder. ${ALTERNATIVES}`,
  );
}

function candidates(environment: Environment, folders: readonly string[]): string[] {
  const chosen = environment.KESTRA_ARENA_JAVA_HOME;
  if (chosen) return existsSync(javac(chosen)) ? [chosen] : [];
  const installed = folders.flatMap((folder) => children(folder).sort().reverse());
  const onPath = (environment.PATH ?? "").split(delimiter).map((folder) => join(folder, ".."));
  const all = [environment.JAVA_HOME, ...installed, ...onPath].filter((home) => home !== undefined);
  return [...new Set(all)].filter((home) => existsSync(javac(home)));
}

function usualFolders(environment: Environment): string[] {
  const home = environment.HOME ?? "";
  return [
    "/usr/lib/jvm",
    "/Library/Java/JavaVirtualMachines",
    join(home, "Library/Java/JavaVirtualMachines"),
    join(home, ".sdkman/candidates/java"),
    join(home, ".jdks"),
    "/opt/homebrew/opt",
    "/usr/local/opt",
  ];
}

function children(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => [
    join(folder, name),
    join(folder, name, "Contents/Home"),
  ]);
}

function javac(home: string): string {
  return join(home, "bin", "javac");
}

async function majorVersion(home: string): Promise<number> {
  try {
    const { stdout, stderr } = await run(javac(home), ["-version"], { timeout: 30_000 });
    return Number(/javac (\d+)/.exec(stdout + stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
