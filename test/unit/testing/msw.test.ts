import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { KestraArenaClient, matchOrchestration } from "kestra-arena";
import { fakeKestra } from "kestra-arena/testing";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { agents } from "./agents.ts";

describe.each(["2.0", "1.3"] as const)("A fake Kestra %s that listens", (line) => {
  const kestra = fakeKestra({ line });
  beforeAll(() => kestra.listen());
  afterEach(() => kestra.reset());
  afterAll(() => kestra.close());
  const client = () => new KestraArenaClient({ url: kestra.url });

  it("is reached by the global fetch, and sends streams", async () => {
    kestra.flows.onMatch({ durationMs: 3_600_000, retries: 1 });
    const execution = await client().runMatch(agents);
    const states: string[] = [];
    for await (const { current } of execution.states()) {
      states.push(current);
      if (states.length === 1) await kestra.time.advance(3_600_000);
    }
    expect(states.at(-1)).toBe("SUCCESS");
    expect(states).toContain("RETRYING");
    expect((await execution.result()).winner).toBe("blue");
  });

  it("takes files as inputs", async () => {
    const batch = await client().evaluateBatch({
      agentCombinations: [agents],
      existingRows: [{ ...agents, repetition: 1, state: "FAILED" }],
    });
    await batch.result();
    const [sent] = kestra.executions("batch-evaluation");
    const file = sent?.inputs.existing_rows;
    expect(file).toBeInstanceOf(Blob);
    expect(await (file as Blob).text()).toContain('"state":"FAILED"');
    expect(sent?.inputs.agent_combinations).toHaveLength(1);
  });

  it("breaks connections as the network does", async () => {
    kestra.faults.add("lostAnswer");
    kestra.faults.add("brokenStream");
    const execution = await client().runMatch(agents, { key: "once" });
    expect((await execution.result()).winner).toBe("blue");
    expect(kestra.executions()).toHaveLength(1);
  });

  it("lets go of a stream that nobody reads any more", async () => {
    kestra.flows.onMatch({ durationMs: Number.POSITIVE_INFINITY });
    const execution = await client().runMatch(agents);
    for await (const { current } of execution.states()) if (current === "RUNNING") break;
    await execution.cancel();
    expect(kestra.executions()[0]?.state).toBe("KILLED");
  });

  it("has flows to deploy and schedules to plan", async () => {
    const arena = client();
    expect((await arena.flows.deploy()).map(({ action }) => action)).not.toContain("unchanged");
    expect((await arena.flows.diff()).map(({ status }) => status)).not.toContain("missing");
    expect((await arena.flows.deploy()).every(({ action }) => action === "unchanged")).toBe(true);
    const schedule = await arena.scheduleMatches({ cronExpression: "0 3 * * *" });
    await schedule.pause();
    const [listed] = await arena.schedules.list();
    expect(listed).toMatchObject({ cron: "0 3 * * *" });
    expect(await arena.kestra.triggers.list({ namespace: "ai-arena" })).toMatchObject([
      { triggerId: "schedule", disabled: true },
    ]);
    await arena.kestra.kv.set("ai-arena", "a", { b: 1 });
    expect(await arena.kestra.kv.get("ai-arena", "a")).toEqual({ b: 1 });
  });

  it("says so where it has no answer", async () => {
    const asked = client().kestra.executions.act("x", "labels", { json: [] });
    await expect(asked).rejects.toThrow("The fake Kestra has no POST executions/x/");
  });
});

describe("fakeKestra", () => {
  it("wants the user that it is given", async () => {
    const auth = { username: "me@example.com", password: "Passw0rd1" };
    const kestra = fakeKestra({ auth });
    const { url, fetch } = kestra;
    const stranger = new KestraArenaClient({ url, fetch });
    await expect(stranger.runMatch(agents)).rejects.toMatchObject({ code: "authentication" });
    const client = new KestraArenaClient({ url, fetch, auth });
    expect((await client.runMatch(agents)).started).toBe("new");
    const byKey = fakeKestra({ auth: { apiToken: "a-key" } });
    const keyed = new KestraArenaClient({ url, fetch: byKey.fetch, auth: { apiToken: "a-key" } });
    expect((await keyed.runMatch(agents)).started).toBe("new");
  });

  it("stands still in virtual time until it is put forward", async () => {
    const kestra = fakeKestra({ time: "virtual" });
    kestra.flows.onMatch({ durationMs: 1_000 });
    const client = new KestraArenaClient({ url: kestra.url, fetch: kestra.fetch });
    const before = kestra.time.now();
    const execution = await client.start(matchOrchestration, agents);
    expect((await execution.get()).state.current).toBe("RUNNING");
    expect(kestra.time.now()).toEqual(before);
    await kestra.time.advance(1_000);
    expect(kestra.time.now().getTime() - before.getTime()).toBe(1_000);
    expect((await execution.get()).state.current).toBe("SUCCESS");
  });

  it("shows what it was asked, and forgets it when it is reset", async () => {
    const kestra = fakeKestra();
    const client = new KestraArenaClient({ url: kestra.url, fetch: kestra.fetch });
    await client.runMatch(agents, { labels: { suite: "nightly" } });
    expect(kestra.requests.map(({ route }) => route)).toEqual(["create"]);
    expect(kestra.executions()[0]).toMatchObject({
      flowId: "match-orchestration",
      namespace: "ai-arena",
      inputs: { red_agent_id: agents.redAgentId },
      labels: { suite: "nightly" },
    });
    kestra.reset();
    expect([kestra.requests, kestra.executions()]).toEqual([[], []]);
  });

  it("gives its handlers to a server of your own", async () => {
    const kestra = fakeKestra({ url: "http://other-kestra.test" });
    const mine = http.get("http://mine.test/hello", () => HttpResponse.json("hello"));
    const server = setupServer(mine, ...(await kestra.handlers()));
    server.listen({ onUnhandledFrame: "error" });
    try {
      expect(await (await fetch("http://mine.test/hello")).json()).toBe("hello");
      const execution = await new KestraArenaClient({ url: kestra.url }).runMatch(agents);
      expect((await execution.result()).winner).toBe("blue");
    } finally {
      server.close();
    }
  });

  it("says what to install where msw is missing, and works without it by its fetch", async () => {
    const entry = fileURLToPath(new URL("../../../src/testing/index.ts", import.meta.url));
    const program = `
      import { registerHooks } from "node:module";
      registerHooks({
        resolve(specifier, context, next) {
          if (!specifier.startsWith("msw")) return next(specifier, context);
          throw Object.assign(new Error("not there"), { code: "ERR_MODULE_NOT_FOUND" });
        },
      });
      const { fakeKestra } = await import(${JSON.stringify(entry)});
      const kestra = fakeKestra();
      await kestra.listen().catch((error) => console.log(error.code, error.message));
      const answer = await kestra.fetch(kestra.url + "/api/v1/configs");
      console.log((await answer.json()).edition);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "--eval",
      program,
    ]);
    expect(stdout).toContain("config ");
    expect(stdout).toContain("npm install --save-dev msw@3");
    expect(stdout).toContain("OSS");
  });
});
