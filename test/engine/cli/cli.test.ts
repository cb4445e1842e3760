import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, type EngineLine, startEngine } from "../../../engine/index.ts";
import { type Arena, startArena } from "../../../examples/arena/index.ts";

const main = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
const auth = { username: "cli@example.org", password: "C0mmand-Line" };

describe.each<EngineLine>(["2.0", "1.3"])("kestra-arena on Kestra %s", (line) => {
  let engine: Engine;
  let arena: Arena;
  let folder: string;
  let agents: string[];

  beforeAll(async () => {
    arena = await startArena({ timeScale: 0.2 });
    engine = await startEngine({ line, auth, env: { ENV_ARENA_API_URL: arena.url } });
    folder = await mkdtemp(join(tmpdir(), "kestra-arena-cli-"));
    const variables = `KESTRA_URL=${engine.url}\nKESTRA_USERNAME=${auth.username}\nKESTRA_PASSWORD=${auth.password}\nARENA_API_URL=${arena.url}\n`;
    await writeFile(join(folder, ".env"), variables);
    agents = ["red", "blue", "target"].flatMap((type) => {
      const id = arena.agents.find((agent) => agent.type === type)?.id;
      return ["-i", `${type}AgentId=${id}`];
    });
  });
  afterAll(async () => {
    await engine?.stop();
    await arena?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A real process, as a person starts it; nothing of this one's environment but the path. */
  function start(...args: string[]) {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { PATH, HOME } });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    const done = once(child, "close").then(([code]) => {
      expect(stdout + stderr).not.toContain(auth.password);
      return { code: code as number | null, stdout, stderr };
    });
    return { child, done, stderr: () => stderr };
  }
  const run = (...args: string[]) => start(...args).done;

  it("deploys, and then has nothing to deploy", async () => {
    const dry = await run("deploy", "--dry-run", "--json");
    expect(dry.stderr).not.toContain("Error");
    expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true });
    expect((await run("diff", "--exit-code")).code).toBe(1);
    const deployed = await run("deploy");
    expect(deployed.code).toBe(0);
    expect(deployed.stdout).toMatch(/match-orchestration +created +revision 1/);
    expect((await run("deploy")).stdout).toMatch(/match-orchestration +unchanged/);
    const diff = await run("diff", "--exit-code");
    expect(diff.code).toBe(0);
    expect(diff.stdout).toContain("match-orchestration: equal");
    const valid = await run("validate", "--json");
    expect(valid.code).toBe(0);
    expect(JSON.parse(valid.stdout).isValid).toBe(true);
  });

  it("is told by the doctor that all works", async () => {
    const { code, stdout } = await run("doctor", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).status).toBe("warning");
    const plain = await run("doctor");
    expect(plain.stdout).toContain("ok       arena: A flow in Kestra reached the arena");
    expect(plain.stdout).toContain("warning  alerts (alerts_not_taken)");
  });

  it("plays a match to its result, and shows it again to who comes later", async () => {
    const played = await run(
      "run",
      "match-orchestration",
      ...agents,
      "-i",
      "mode=quick",
      "--wait",
      "--json",
    );
    expect(played.code).toBe(0);
    const { executionId, ok, result } = JSON.parse(played.stdout);
    expect({ ok, status: result.matchStatus }).toEqual({ ok: true, status: "complete" });
    expect(played.stderr).toContain(`${executionId} SUCCESS`);
    const watched = await run("watch", executionId, "--json");
    expect(JSON.parse(watched.stdout).result).toEqual(result);
    const logs = await run("logs", executionId, "-f", "--json");
    const messages = logs.stdout
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text).message);
    expect(messages.join("\n")).toContain("Round 5");
    const listed = await run("list", "--flow", "match-orchestration", "--json");
    expect(JSON.parse(listed.stdout)).toContainEqual(
      expect.objectContaining({ id: executionId, state: "SUCCESS" }),
    );
  });

  it("evaluates agents into a journal and a report, and shows and compares what it kept", async () => {
    const names = (type: string) => arena.agents.filter((agent) => agent.type === type);
    const evaluation = [
      ...["evaluate", "--mode", "quick", "--matches", "2", "--journal", "night.jsonl"],
      ...["red", "blue", "target"].flatMap((type) => [`--${type}`, names(type)[0]?.name ?? ""]),
    ];
    const played = await run(...evaluation, "--html", "report.html");
    expect(played.code).toBe(0);
    expect(played.stderr).toContain("2 matches: 1 combination, 2 each, 5 rounds a match (quick).");
    expect(played.stderr).toContain("2/2 matches");
    expect(played.stdout).toContain("2 of 2 matches have a result.\nThe report: report.html\n");
    expect(await readFile(join(folder, "report.html"), "utf8")).toContain("What got through");
    const again = await run(...evaluation, "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ isComplete: true, reused: 2 });
    const report = await run("report", "night.jsonl");
    expect(report.stdout).toContain(names("red")[0]?.name);
    const same = await run("compare", "night.jsonl", "night.jsonl");
    expect([same.code, same.stdout]).toEqual([
      0,
      expect.stringMatching(/^Attack success rate 0\.0/),
    ]);
  });

  it("says on Ctrl-C what it leaves running; cancel then ends that", async () => {
    const started = start("run", "match-orchestration", ...agents, "-i", "mode=deep", "--wait");
    await expect.poll(started.stderr, { timeout: 120_000 }).toMatch(/ RUNNING\n/);
    started.child.kill("SIGINT");
    const { code, stderr } = await started.done;
    expect(code).toBe(130);
    const [, id = ""] = /kestra-arena cancel (\w+)/.exec(stderr) ?? [];
    const live = JSON.parse((await run("list", "--live", "--json")).stdout);
    // Between two looks at the arena the flow waits, and Kestra says PAUSED.
    expect(live.map((execution: { id: string }) => execution.id)).toContain(id);
    const cancelled = await run("cancel", id, "--timeout", "2m");
    expect(cancelled.stdout).toBe(`${id} has ended: KILLED.\n`);
    expect((await run("watch", id)).code).toBe(1);
  });

  it("ends with 3 for wrong credentials", async () => {
    await writeFile(
      join(folder, "wrong.env"),
      `KESTRA_URL=${engine.url}\nKESTRA_USERNAME=a@b.co\nKESTRA_PASSWORD=Wr0ng-0ne\n`,
    );
    const { code, stderr } = await run("list", "--env", "wrong.env");
    expect(code).toBe(3);
    expect(stderr).toContain("KESTRA_PASSWORD");
    expect(stderr).not.toContain("Wr0ng-0ne");
    expect((await run("list", "--env", "none.env")).code).toBe(2);
  });
});
