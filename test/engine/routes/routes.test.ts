import { KestraArenaClient } from "kestra-arena";
import { createArenaRoutes } from "kestra-arena/routes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import { documented } from "../../unit/routes/documented.ts";
import { ownFlows, startBench } from "./bench.ts";

describe.each<EngineLine>(["2.0", "1.3"])("the routes on Kestra %s", (line) => {
  let bench: Awaited<ReturnType<typeof startBench>>;
  beforeAll(async () => {
    bench = await startBench(line);
    for (const source of ownFlows) await bench.client.kestra.flows.create(source);
  });
  afterAll(() => bench?.stop());

  const base = "/api/kestra";
  const result = (id: string) => bench.call(`${base}/executions/${id}/result?waitSeconds=60`);

  it("play a match from its trigger to its result", async () => {
    const { call, agents } = bench;
    const json = { ...agents, mode: "quick" };
    const headers = { "idempotency-key": "routes-match" };
    const started = await call(`${base}/trigger/match`, { json, headers });
    expect(started.status).toBe(202);
    const { executionId } = started.body;
    const again = await call(`${base}/trigger/match`, { json, headers });
    expect(again.body).toMatchObject({ executionId, started: "existing" });

    const shown = await call(`${base}/executions/${executionId}`);
    expect(shown.body).toMatchObject({ id: executionId, flowId: "match-orchestration" });
    expect(shown.body.inputs.red_agent_id).toBe(agents.redAgentId);

    const followed = await call(`${base}/executions/${executionId}/follow`);
    expect(followed.body).toContain(
      `event: end\ndata: {"executionId":"${executionId}","state":"SUCCESS"}`,
    );

    const { status, body } = await result(executionId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: true, state: "SUCCESS" });
    expect(body.result).toMatchObject({ matchStatus: "complete", metrics: { totalRounds: 5 } });

    const logs = await call(`${base}/executions/${executionId}/logs?minLevel=INFO`);
    expect(logs.body.some(({ message }: { message: string }) => message.startsWith("Round"))).toBe(
      true,
    );
    const warnings = await call(`${base}/executions/${executionId}/logs?minLevel=ERROR`);
    expect(warnings.body).toEqual([]);
  });

  it("play a batch", async () => {
    const { call, agents } = bench;
    const json = { agentCombinations: [agents], matchesPerCombination: 2, mode: "quick" };
    const started = await call(`${base}/trigger/batch-evaluation`, { json });
    expect(started.status).toBe(202);
    const { body } = await result(started.body.executionId);
    expect(body).toMatchObject({ ok: true, result: { totalMatches: 2, completedMatches: 2 } });
  });

  it("tell a failure as data, with its reason", async () => {
    const { call, agents } = bench;
    const redAgentId = "00000000-0000-4000-8000-00000000dead";
    const started = await call(`${base}/trigger/match`, { json: { ...agents, redAgentId } });
    const { status, body } = await result(started.body.executionId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: false, state: "FAILED", error: { code: "execution_failed" } });
    expect(body.error.message).toContain(redAgentId);
  });

  it("cancel a run", async () => {
    const { call, agents } = bench;
    const json = { ...agents, mode: "deep" };
    const { body } = await call(`${base}/trigger/match`, { json });
    const path = `${base}/executions/${body.executionId}`;
    await expect.poll(async () => (await call(path)).body.state.current).toBe("RUNNING");
    expect((await call(`${path}/result`)).status).toBe(202);
    const cancelled = await call(`${path}/cancel`, { method: "POST" });
    // Beside other work Kestra may need longer than the route waits; then it says so.
    expect(cancelled.status).toBe(cancelled.body.hasEnded ? 200 : 202);
    expect(cancelled.body.executionId).toBe(body.executionId);
    const after = await result(body.executionId);
    expect(after.body).toMatchObject({ ok: false, error: { code: "execution_killed" } });
  });

  it("start flows by webhook, through their own trigger where they have one", async () => {
    const { call } = bench;
    const hooked = await call(`${base}/webhook/hooked`, { json: { who: "hook" } });
    expect(hooked.status).toBe(200);
    expect((await result(hooked.body.executionId)).body.ok).toBe(true);
    const hello = await call(`${base}/executions/${hooked.body.executionId}/logs`);
    expect(hello.body.map(({ message }: { message: string }) => message)).toContain("hello hook");

    const greeted = await call(`${base}/webhook/greet`, { json: { who: "world" } });
    expect((await result(greeted.body.executionId)).body.result).toEqual({
      greeting: "hello world",
    });
  });

  it("refuse what Kestra refuses, with Kestra's reason", async () => {
    const { call } = bench;
    const { status, body } = await call(`${base}/webhook/greet`, { json: { who: "NOT LOWER" } });
    expect(status).toBe(400);
    expect(JSON.stringify(body.details)).toContain("who");
    expect((await call(`${base}/webhook/greet`, { json: { whom: "x" } })).status).toBe(400);
    expect((await call(`${base}/webhook/greet`, { json: {} })).status).toBe(400);
  });

  it("list what they may show, page after page", async () => {
    const { call, client } = bench;
    const hidden =
      "id: hidden\nnamespace: ai-arena\ntasks: [{id: a, type: io.kestra.plugin.core.log.Log, message: x}]\n";
    await client.kestra.flows.create(hidden);
    const { id } = await client.kestra.executions.create("ai-arena", "hidden");
    const all = await call(`${base}/executions`);
    expect(all.body.length).toBeGreaterThanOrEqual(6);
    expect(all.body.map((row: { id: string }) => row.id)).not.toContain(id);
    expect((await call(`${base}/executions/${id}`)).status).toBe(404);
    const matches = await call(
      `${base}/executions?namespace=ai-arena&flowId=match-orchestration&limit=2`,
    );
    expect(matches.body).toHaveLength(2);
    expect(Number(matches.headers.get("x-total-count"))).toBeGreaterThan(2);
    expect(matches.headers.get("link")).toContain("page=2");
  });

  it("answer 404 for what is not there", async () => {
    const { call } = bench;
    for (const part of ["", "/logs", "/result", "/follow"]) {
      const { status } = await call(`${base}/executions/4FvG0000000000000000Zz${part}`);
      expect(status).toBe(404);
    }
    const cancelled = await call(`${base}/executions/4FvG0000000000000000Zz/cancel`, {
      method: "POST",
    });
    expect(cancelled.status).toBe(404);
    const elsewhere = new KestraArenaClient({
      url: bench.engine.url,
      auth: bench.auth,
      namespace: "ai-arena.empty",
    });
    const routes = createArenaRoutes(elsewhere, { authorize: "none" });
    const started = await documented(routes)(`${base}/trigger/match`, { json: bench.agents });
    expect(started.status).toBe(404);
  });

  it("answer 502 for wrong credentials and for a Kestra that is not there, and tell neither", async () => {
    const wrong = { username: "routes@example.org", password: "Wr0ng-Passw0rd" };
    const reported: unknown[] = [];
    for (const url of [bench.engine.url, "http://127.0.0.1:1"]) {
      const client = new KestraArenaClient({ url, auth: wrong, retries: 0, onWarning: () => {} });
      const onError = (error: unknown) => reported.push(error);
      const call = documented(createArenaRoutes(client, { authorize: "none", onError }));
      for (const answer of [
        await call(`${base}/executions`),
        await call(`${base}/executions/4FvG0000000000000000Zz`),
        await call(`${base}/webhook/match-orchestration`, { json: {} }),
      ]) {
        expect(answer.status).toBe(502);
        expect(answer.headers.get("www-authenticate")).toBeNull();
        expect(JSON.stringify(answer.body)).not.toMatch(/Wr0ng|127\.0\.0\.1/);
      }
      expect((await call(`${base}/health`)).status).toBe(503);
    }
    expect(reported).toHaveLength(6);
  });

  it("tell their health", async () => {
    expect((await bench.call(`${base}/health`)).body).toEqual({ status: "ok", kestra: "ok" });
  });
});
