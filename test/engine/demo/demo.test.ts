import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startEngine } from "../../../engine/index.ts";
import type { BatchRow } from "../../../src/index.ts";
import { startDemo } from "./run-demo.ts";

const small = ["--red", "2", "--blue", "1", "--targets", "1", "--matches", "2"];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kestra-arena-demo-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function readRows(): Promise<BatchRow[]> {
  return JSON.parse(await readFile(join(folder, ".demo", "batch.json"), "utf8"));
}

describe.each(["2.0", "1.3"] as const)("npm run demo on %s", (line) => {
  it("starts its own engine, plays the batch, and leaves rows and a report", async () => {
    const { code, output } = await startDemo([...small, "--line", line], folder).ended;
    expect({ code, output }).toMatchObject({ code: 0 });
    const rows = await readRows();
    expect(rows).toHaveLength(4);
    expect(rows.every((row) => row.metrics !== undefined && row.matchId !== undefined)).toBe(true);
    expect(output).toContain("Red agents: attack success rate");
    expect(output).toContain("4 of 4 matches have a result.");
    const report = await readFile(join(folder, ".demo", "report.html"), "utf8");
    expect(report).toContain("<title>The sample arena");
  });

  it("gives every match a result or a reason when the arena plays one at a time", async () => {
    const env = { KESTRA_URL: inject("engines")[line] };
    const args = [
      "--red",
      "3",
      "--blue",
      "2",
      "--targets",
      "1",
      "--matches",
      "2",
      "--one-at-a-time",
    ];
    const { code, output } = await startDemo(args, folder, env).ended;
    expect({ code, output }).toMatchObject({ code: 0 });
    const rows = await readRows();
    expect(rows).toHaveLength(12);
    for (const row of rows) expect(row.metrics ?? row.reason).toBeTruthy();
  });
});

describe("npm run demo, when something is missing", () => {
  const stackTrace = /\n\s+at .+:\d+:\d+/;

  it("names the address of a Kestra that is not there", async () => {
    const { code, output } = await startDemo(small, folder, { KESTRA_URL: "http://127.0.0.1:9" })
      .ended;
    expect(code).toBe(1);
    expect(output).toContain("Cannot reach Kestra");
    expect(output).toContain("http://127.0.0.1:9");
    expect(output).not.toMatch(stackTrace);
  });

  it("says which variables hold the credentials that were refused", async () => {
    await using engine = await startEngine({
      auth: { username: "admin@example.com", password: "Right-Password-1" },
    });
    const { code, output } = await startDemo(small, folder, {
      KESTRA_URL: engine.url,
      KESTRA_USERNAME: "admin@example.com",
      KESTRA_PASSWORD: "Wrong-Password-1",
    }).ended;
    expect(code).toBe(1);
    expect(output).toContain("KESTRA_USERNAME");
    expect(output).not.toContain("Wrong-Password-1");
    expect(output).not.toMatch(stackTrace);
  });

  it("says what to install, or to set, without a JDK", async () => {
    const { code, output } = await startDemo(small, folder, {
      KESTRA_ARENA_JAVA_HOME: join(folder, "no-jdk"),
    }).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/JDK/);
    expect(output).toContain("KESTRA_URL");
    expect(output).not.toMatch(stackTrace);
  });

  it("refuses an option that does not exist, with its usage", async () => {
    const { code, output } = await startDemo(["--reds", "2"], folder).ended;
    expect(code).toBe(2);
    expect(output).toContain("--reds");
    expect(output).toContain("npm run demo -- [options]");
  });
});

describe("npm run demo, interrupted", () => {
  it("cancels the batch and says so", async () => {
    const demo = startDemo([...small, "--matches", "50"], folder, {
      KESTRA_URL: inject("engines")["2.0"],
    });
    await demo.printed("0/100 matches");
    process.kill(demo.pid, "SIGINT");
    const { code, output } = await demo.ended;
    expect(code).toBe(130);
    expect(output).toContain("The batch ended as KILLED");
  });
});
