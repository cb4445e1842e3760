import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findJavaHome } from "../../../engine/java.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "java-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("findJavaHome", () => {
  it("says what is missing and what else would do where there is no JDK", async () => {
    const search = findJavaHome({ PATH: "" }, []);

    await expect(search).rejects.toMatchObject({
      code: "jdk_missing",
      message: expect.stringMatching(
        /JDK 25 or newer; none was found.*JAVA_HOME.*KESTRA_URL.*Docker/s,
      ),
    });
  });

  it("names a JDK that is too old", async () => {
    const old = await jdk("jdk-17", "17.0.9");

    const search = findJavaHome({ JAVA_HOME: old, PATH: "" }, []);

    await expect(search).rejects.toThrow(`found only ${old} (17)`);
  });

  it("takes a new one of a usual folder rather than the old one of the PATH", async () => {
    const old = await jdk("on-path", "17.0.9");
    const fresh = await jdk("usual/temurin-26", "26.0.1");

    const found = findJavaHome({ PATH: join(old, "bin") }, [join(folder, "usual")]);

    await expect(found).resolves.toBe(fresh);
  });

  it("takes KESTRA_ARENA_JAVA_HOME before JAVA_HOME", async () => {
    const own = await jdk("own", "25");
    const common = await jdk("common", "27");

    const found = findJavaHome({ KESTRA_ARENA_JAVA_HOME: own, JAVA_HOME: common, PATH: "" }, []);

    await expect(found).resolves.toBe(own);
  });

  it("looks nowhere else when KESTRA_ARENA_JAVA_HOME is set", async () => {
    const common = await jdk("other", "27");
    const environment = { KESTRA_ARENA_JAVA_HOME: join(folder, "gone"), JAVA_HOME: common };

    const search = findJavaHome(environment, []);

    await expect(search).rejects.toThrow("none was found in KESTRA_ARENA_JAVA_HOME");
  });
});

async function jdk(name: string, version: string): Promise<string> {
  const home = join(folder, name);
  await mkdir(join(home, "bin"), { recursive: true });
  const javac = join(home, "bin", "javac");
  await writeFile(javac, `#!/bin/sh\necho "javac ${version}"\n`);
  await chmod(javac, 0o755);
  return home;
}
