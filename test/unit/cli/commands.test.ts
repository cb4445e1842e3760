import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { problem } from "../routes/fake-kestra.ts";
import { createBench } from "./run.ts";

const agents = {
  redAgentId: "11111111-1111-4111-8111-111111111111",
  blueAgentId: "22222222-2222-4222-8222-222222222222",
  targetAgentId: "33333333-3333-4333-8333-333333333333",
};
const inputs = Object.entries(agents).flatMap(([name, value]) => ["-i", `${name}=${value}`]);

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function file(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kestra-arena-cli-"));
  folders.push(folder);
  const path = join(folder, "inputs.json");
  await writeFile(path, text);
  return path;
}

describe("run", () => {
  it("starts a flow and says where it is", async () => {
    const { run, kestra } = createBench();
    const { code, stdout } = await run([
      "run",
      "match-orchestration",
      ...inputs,
      "-i",
      "mode=quick",
    ]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      "Started run1 of match-orchestration\nhttp://kestra.internal:8080/ui/main/executions/ai-arena/match-orchestration/run1\n",
    );
    expect(kestra.executions.get("run1")?.inputs).toMatchObject({ match_mode: "quick" });
  });

  it("takes inputs from a file and from standard input; the command line wins", async () => {
    const { run, kestra } = createBench();
    const json = JSON.stringify({ agentCombinations: [agents], matchesPerCombination: 2 });
    const args = ["run", "batch-evaluation", "-i", "matchesPerCombination=5", "--json"];
    const fromFile = await run([...args, "--file", await file(json)]);
    expect(fromFile.json).toMatchObject({ executionId: "run1", flowId: "batch-evaluation" });
    const fromStdin = await run([...args, "--file", "-"], { stdin: json });
    expect(fromStdin.code).toBe(0);
    for (const id of ["run1", "run2"]) {
      expect(kestra.executions.get(id)?.inputs).toMatchObject({ matches_per_combination: "5" });
    }
  });

  it("starts once for one key, and says that it joined", async () => {
    const { run, kestra } = createBench();
    const args = [
      "run",
      "match-orchestration",
      ...inputs,
      "--key",
      "nightly-42",
      "--label",
      "team=red",
    ];
    await run(args);
    const { stdout } = await run(args);
    expect(stdout).toMatch(/^Joined run1/);
    expect(kestra.starts).toBe(1);
    expect(kestra.executions.get("run1")?.labels).toContainEqual({ key: "team", value: "red" });
  });

  it("ends with 2 and starts nothing when an input is wrong, and says which", async () => {
    const { run, kestra } = createBench();
    const bad = await run(["run", "match-orchestration", ...inputs, "-i", "mode=fast"]);
    expect(bad.code).toBe(2);
    expect(bad.stdout).toBe("");
    expect(bad.stderr).toContain("mode:");
    const unnamed = await run(["run", "match-orchestration", "-i", "redAgentId"]);
    expect(unnamed.code).toBe(2);
    expect(unnamed.stderr).toContain("is not name=value");
    const noFile = await run(["run", "match-orchestration", "--file", "/nowhere.json"]);
    expect(noFile.code).toBe(2);
    const list = await run(["run", "match-orchestration", "--file", await file("[]")]);
    expect(list.stderr).toContain("must hold one JSON object");
    expect(kestra.calls).toEqual([]);
  });

  it("keeps text that looks like a number where the flow wants text", async () => {
    const { run } = createBench();
    const { stderr } = await run(["run", "match-orchestration", "-i", "redAgentId=42"]);
    expect(stderr).toContain("redAgentId: must be a UUID");
  });

  it("starts a flow of somebody's own by its id, and refuses inputs that it does not have", async () => {
    const { run, kestra } = createBench();
    kestra.sources.set("ai-arena/greet", "id: greet\ninputs:\n  - {id: who, type: STRING}\n");
    expect((await run(["run", "greet", "-i", "who=world"])).code).toBe(0);
    expect(kestra.executions.get("run1")?.inputs).toEqual({ who: "world" });
    const { code, stderr } = await run(["run", "greet", "-i", "whom=world"]);
    expect(code).toBe(2);
    expect(stderr).toContain("whom: is no input of this flow; they are who");
    expect(kestra.starts).toBe(1);
  });

  it("waits with --wait, and ends with 1 when the run failed", async () => {
    const { run, kestra, until } = createBench();
    const ran = run(["run", "match-orchestration", ...inputs, "--wait", "--json"]);
    await until(() => kestra.executions.has("run1"));
    const execution = kestra.executions.get("run1");
    if (execution === undefined) throw new Error("not started");
    kestra.setState(execution, "FAILED");
    const { code, json, stderr } = await ran;
    expect(code).toBe(1);
    expect(json).toMatchObject({ executionId: "run1", ok: false, state: "FAILED" });
    // A line a change, as nobody sits at a terminal.
    expect(stderr).toContain("run1 RUNNING\n");
    expect(stderr).not.toContain("\u001b");
  });

  it("redraws one line on a terminal", async () => {
    const { run, kestra, until } = createBench();
    const ran = run(["run", "match-orchestration", ...inputs, "--wait"], { isTerminal: true });
    await until(() => kestra.executions.has("run1"));
    const execution = kestra.executions.get("run1");
    if (execution !== undefined) kestra.setState(execution, "KILLED");
    const { code, stderr, stdout } = await ran;
    expect(code).toBe(1);
    expect(stderr).toContain("\r\u001b[2Krun1 ");
    expect(stdout).toContain("run1 KILLED");
  });

  it("ends with 4 when the time is up, and says that it runs on", async () => {
    const { run, kestra } = createBench();
    const { code, stderr } = await run([
      "run",
      "match-orchestration",
      ...inputs,
      "--wait",
      "--timeout",
      "50ms",
    ]);
    expect(code).toBe(4);
    expect(stderr).toContain("It was left as it is");
    expect(kestra.executions.get("run1")?.state.current).toBe("RUNNING");
  });

  it("says on Ctrl-C what it leaves running, and leaves it", async () => {
    const { run, kestra, until } = createBench();
    const controller = new AbortController();
    const ran = run(["run", "match-orchestration", ...inputs, "--wait"], {
      interrupt: controller.signal,
    });
    await until(() => kestra.followers > 0);
    controller.abort();
    const { code, stderr } = await ran;
    expect(code).toBe(130);
    expect(stderr).toContain("Execution run1 of match-orchestration runs on in Kestra");
    expect(stderr).toContain("kestra-arena cancel run1");
    expect(kestra.executions.get("run1")?.state.current).toBe("RUNNING");
    await until(() => kestra.followers === 0);
  });
});

describe("watch", () => {
  it("follows a run that somebody else started, and prints its result", async () => {
    const { run, kestra } = createBench();
    kestra.add({ flowId: "a-flow-of-mine", current: "SUCCESS", outputs: { greeting: "hi" } });
    const { code, json } = await run(["watch", "run1", "--json"]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ ok: true, state: "SUCCESS", result: { greeting: "hi" } });
  });

  it("ends with 3 for a run that does not exist", async () => {
    const { run } = createBench();
    const { code, stderr, stdout } = await run(["watch", "run9", "--json"]);
    expect(code).toBe(3);
    expect(stdout).toBe("");
    expect(JSON.parse(stderr).error.code).toBe("not_found");
  });
});

describe("logs", () => {
  const timestamp = "2025-11-24T16:00:00.123Z";

  it("prints lines that cannot steer the terminal, without credentials", async () => {
    const { run, kestra } = createBench();
    const message =
      "attack\u001b[2J\u001b]0;title\u0007 with \u202egnp.exe and s3cret-Passw0rd\nsecond line";
    kestra.add({
      current: "SUCCESS",
      logs: [{ timestamp, level: "INFO", message, taskId: "scores" }],
    });
    const { code, stdout } = await run(["logs", "run1"], { isTerminal: true });
    expect(code).toBe(0);
    expect(stdout).toBe(
      "2025-11-24 16:00:00 INFO  scores  attack with �gnp.exe and [redacted] second line\n",
    );
  });

  it("goes on with -f until the end, a line of JSON each with --json", async () => {
    const { run, kestra, until } = createBench();
    const execution = kestra.add({ logs: [{ timestamp, level: "INFO", message: "one" }] });
    const ran = run(["logs", "run1", "-f", "--json"]);
    await until(() => kestra.followers > 0);
    execution.logs.push({ timestamp, level: "WARN", message: "two" });
    kestra.setState(execution, "SUCCESS");
    const { stdout } = await ran;
    const messages = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).message);
    expect(messages).toEqual(["one", "two"]);
  });
});

describe("list", () => {
  it("lists the newest first", async () => {
    const { run, kestra } = createBench();
    kestra.add({ labels: [{ key: "arena.key", value: "nightly-42" }] });
    kestra.add({ current: "SUCCESS", flowId: "batch-evaluation" });
    const { stdout, code } = await run(["list"]);
    expect(code).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toMatch(/^run2 {2}SUCCESS {2}\S+ \S+ {2}batch-evaluation/);
    expect(lines[1]).toMatch(/^run1 {2}RUNNING .*key nightly-42$/);
    expect((await run(["list", "--live", "--json"])).json).toMatchObject([{ id: "run1" }]);
    expect((await run(["list", "--key", "nightly-42", "--json"])).json).toHaveLength(1);
    expect((await run(["list", "--flow", "nothing"])).stdout).toBe("No runs.\n");
  });
});

describe("cancel", () => {
  it("kills a run and says how it ended", async () => {
    const { run, kestra } = createBench();
    const { state } = kestra.add();
    const { code, stdout } = await run(["cancel", "run1"]);
    expect(code).toBe(0);
    expect(stdout).toBe("run1 has ended: KILLED.\n");
    expect(state.current).toBe("KILLED");
  });
});

describe("a Kestra that cannot be used", () => {
  it.each([
    ["is down", () => Promise.reject(new TypeError("fetch failed")), "connection"],
    ["refuses the credentials", async () => problem(401, "No s3cret-Passw0rd"), "authentication"],
    ["fails", async () => problem(500, "Oops"), "kestra"],
  ])(
    "and %s ends with 3, in one line, without a stack or a credential",
    async (_name, answer, kind) => {
      const { run, kestra } = createBench();
      kestra.rules.push({ path: /./, answer });
      const { code, stderr, stdout } = await run(["list"]);
      expect(code).toBe(3);
      expect(stdout).toBe("");
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).not.toMatch(/s3cret|\.ts:\d/);
      const asJson = await run(["list", "--json"]);
      expect(JSON.parse(asJson.stderr).error.code).toBe(kind);
    },
  );
});
