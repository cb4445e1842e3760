import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildEngine } from "../../../engine/build.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "build-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("buildEngine", () => {
  it("says what is missing and what else would do where there is no Maven", async () => {
    const build = buildEngine(options({ PATH: folder }));

    await expect(build).rejects.toMatchObject({
      code: "maven_missing",
      message: expect.stringMatching(/no `mvn` is on the PATH.*KESTRA_URL.*Docker/s),
    });
  });

  it("shows Maven's first errors and names the log of a failed build", async () => {
    await maven('echo "[ERROR] no such artefact"; exit 1');

    const error = await buildEngine(options()).catch((reason: unknown) => reason);

    expect(error).toMatchObject({
      code: "build_failed",
      message: expect.stringContaining("[ERROR] no such artefact"),
    });
    const { logFile, message } = error as { logFile: string; message: string };
    expect(message).toContain(logFile);
    await expect(readFile(logFile, "utf8")).resolves.toContain("no such artefact");
  });

  it("builds once for two that ask at the same time, and not again", async () => {
    await maven(writesClasspath);

    const [first, second] = await Promise.all([buildEngine(options()), buildEngine(options())]);
    const third = await buildEngine(options());

    expect([second, third]).toEqual([first, first]);
    await expect(timesBuilt()).resolves.toBe(1);
  });

  it("builds again when a jar of the classpath is gone", async () => {
    await maven(writesClasspath);
    await buildEngine(options());
    await rm(join(folder, "a.jar"));

    await buildEngine(options());

    await expect(timesBuilt()).resolves.toBe(2);
  });

  it("takes over the lock of a process that is gone", async () => {
    await maven(writesClasspath);
    const pidOfNobody = 2 ** 22 + 1;
    await writeFile(join(folder, "build.lock"), String(pidOfNobody));

    await expect(buildEngine(options())).resolves.toMatchObject({
      classpath: expect.stringContaining("a.jar"),
    });
  });
});

/** A Maven that does at once what the real one does in many seconds; the engine tests run that. */
const writesClasspath = `
echo built >> "$ROOT/times"
touch "$ROOT/a.jar"
for argument in "$@"; do case "$argument" in -Dbuild.folder=*) target="\${argument#*=}";; esac; done
mkdir -p "$target/classes"
printf '%s' "$ROOT/a.jar" > "$target/classpath.txt"`;

async function maven(script: string): Promise<void> {
  const file = join(folder, "mvn");
  await writeFile(file, `#!/bin/sh\nROOT='${folder}'\n${script}\n`);
  await chmod(file, 0o755);
}

function options(environment: Record<string, string> = { PATH: `${folder}:${process.env.PATH}` }) {
  return { line: "2.0", javaHome: folder, environment, cache: folder } as const;
}

async function timesBuilt(): Promise<number> {
  return (await readFile(join(folder, "times"), "utf8")).trim().split("\n").length;
}
