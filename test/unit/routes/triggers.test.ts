import { createArenaRoutes } from "kestra-arena/routes";

// Whole requests through whole stacks: on a busy machine they may take their time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

import { describe, expect, it, vi } from "vitest";
import { documented } from "./documented.ts";
import { createFakeKestra, problem } from "./fake-kestra.ts";

const agents = {
  redAgentId: "11111111-1111-4111-8111-111111111111",
  blueAgentId: "22222222-2222-4222-8222-222222222222",
  targetAgentId: "33333333-3333-4333-8333-333333333333",
};

function setUp(options = {}) {
  const kestra = createFakeKestra();
  const routes = createArenaRoutes(kestra.arena, { authorize: "none", ...options });
  return { kestra, routes, call: documented(routes) };
}

describe("POST /trigger/match", () => {
  it("answers 202 with the execution, its flow and its page", async () => {
    const { call, kestra } = setUp();
    const answer = await call("/api/kestra/trigger/match", {
      json: { ...agents, mode: "standard" },
    });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      executionId: "run1",
      flowId: "match-orchestration",
      namespace: "ai-arena",
      state: "RUNNING",
      started: "new",
      url: "http://kestra.internal:8080/ui/main/executions/ai-arena/match-orchestration/run1",
    });
    expect(kestra.executions.get("run1")?.inputs).toEqual({
      red_agent_id: agents.redAgentId,
      blue_agent_id: agents.blueAgentId,
      target_agent_id: agents.targetAgentId,
      match_mode: "standard",
    });
  });

  it("says where each fault of a body is, and starts nothing", async () => {
    const { call, kestra } = setUp();
    const json = { redAgentId: "no", blueAgentId: agents.blueAgentId, mode: "fast", extra: 1 };
    const { status, body } = await call("/api/kestra/trigger/match", { json });
    expect(status).toBe(400);
    expect(body.error).toBe("Validation error");
    const paths = body.details.map(({ path }: { path: string[] }) => path.join("."));
    expect(paths).toEqual(expect.arrayContaining(["redAgentId", "targetAgentId", "mode", ""]));
    expect(JSON.stringify(body.details)).toContain("extra");
    expect(kestra.calls).toEqual([]);
  });

  it("refuses a continuous match that nothing would end", async () => {
    const { call, kestra } = setUp();
    const json = { ...agents, mode: "continuous" };
    const answer = await call("/api/kestra/trigger/match", { json });
    expect(answer.status).toBe(400);
    expect(answer.body.details[0].path).toEqual(["maxRounds"]);
    expect(kestra.starts).toBe(0);
    const bounded = { ...json, maxRounds: 3 };
    expect((await call("/api/kestra/trigger/match", { json: bounded })).status).toBe(202);
  });

  it("takes an Idempotency-Key as the key: the second request gets the first one's run", async () => {
    const { call, kestra } = setUp();
    const headers = { "idempotency-key": '"nightly-42"' };
    const first = await call("/api/kestra/trigger/match", { json: agents, headers });
    const second = await call("/api/kestra/trigger/match", { json: agents, headers });
    expect(second.status).toBe(202);
    expect(second.body).toEqual({ ...first.body, started: "existing" });
    expect(kestra.starts).toBe(1);
    const { labels = [] } = kestra.executions.get("run1") ?? {};
    expect(labels).toContainEqual({ key: "arena.key", value: "nightly-42" });
  });

  it("refuses a key that is too long, by the header's name", async () => {
    const { call, kestra } = setUp();
    const headers = { "idempotency-key": "x".repeat(201) };
    const answer = await call("/api/kestra/trigger/match", { json: agents, headers });
    expect(answer.status).toBe(400);
    expect(answer.body.details[0].path).toEqual(["header", "Idempotency-Key"]);
    expect(kestra.starts).toBe(0);
  });

  it("says so when the flow is not deployed", async () => {
    const { call, kestra } = setUp();
    kestra.rules.push({
      method: "POST",
      path: /^executions/,
      answer: () => problem(404, "Flow not found"),
    });
    const answer = await call("/api/kestra/trigger/match", { json: agents });
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      code: "not_found",
      error: "Kestra has nothing of this name: Flow not found.",
    });
  });
});

describe("POST /trigger/batch-evaluation", () => {
  it("starts one batch", async () => {
    const { call, kestra } = setUp();
    const json = { agentCombinations: [agents], matchesPerCombination: 3 };
    const answer = await call("/api/kestra/trigger/batch-evaluation", { json });
    expect(answer.status).toBe(202);
    expect(answer.body.flowId).toBe("batch-evaluation");
    expect(kestra.executions.get("run1")?.inputs).toMatchObject({ matches_per_combination: "3" });
  });

  it.each([0, 11, 2.5, "3", null])("refuses %j matches for a combination", async (count) => {
    const { call, kestra } = setUp();
    const json = { agentCombinations: [agents], matchesPerCombination: count };
    const answer = await call("/api/kestra/trigger/batch-evaluation", { json });
    expect(answer.status).toBe(400);
    expect(answer.body.details[0].path).toEqual(["matchesPerCombination"]);
    expect(kestra.starts).toBe(0);
  });
});

describe("POST /trigger/dataset", () => {
  it("starts with what is given, and with nothing", async () => {
    const { call, kestra } = setUp();
    const json = { matchIds: ["AR-2025-0001", "AR-2025-0002"], minSeverity: 5.0 };
    const answer = await call("/api/kestra/trigger/dataset", { json });
    expect(answer.body).toMatchObject({ executionId: "run1", flowId: "dataset-generation" });
    expect(kestra.executions.get("run1")?.inputs).toMatchObject({
      match_ids: '["AR-2025-0001","AR-2025-0002"]',
      min_severity: "5",
    });
    expect((await call("/api/kestra/trigger/dataset", { method: "POST" })).status).toBe(202);
  });

  it.each([{ minSeverity: 10.5 }, { minSeverity: "5" }, { matchIds: [] }, { matchIds: "AR-1" }])(
    "refuses %j",
    async (json) => {
      const { call, kestra } = setUp();
      expect((await call("/api/kestra/trigger/dataset", { json })).status).toBe(400);
      expect(kestra.calls).toEqual([]);
    },
  );
});

describe("POST /trigger/fine-tune", () => {
  it("starts with the agent and the number of matches", async () => {
    const { call, kestra } = setUp();
    const json = { agentId: agents.redAgentId, agentType: "red", trainingMatchesCount: 50 };
    const answer = await call("/api/kestra/trigger/fine-tune", { json });
    expect(answer.body).toMatchObject({ executionId: "run1", flowId: "agent-fine-tuning" });
    expect(kestra.executions.get("run1")?.inputs).toMatchObject({
      agent_id: agents.redAgentId,
      training_matches_count: "50",
    });
  });

  it.each([0, 1_001, 1.5])("refuses %j matches", async (trainingMatchesCount) => {
    const { call, kestra } = setUp();
    const json = { agentId: agents.redAgentId, agentType: "red", trainingMatchesCount };
    expect((await call("/api/kestra/trigger/fine-tune", { json })).status).toBe(400);
    expect(kestra.calls).toEqual([]);
  });
});

describe("a body", () => {
  it("is refused with 415 when it is not sent as JSON", async () => {
    const { call, kestra } = setUp();
    const body = JSON.stringify(agents);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const headers = { "content-type": type };
      const answer = await call("/api/kestra/trigger/match", { method: "POST", body, headers });
      expect(answer.status).toBe(415);
    }
    expect(kestra.calls).toEqual([]);
  });

  it("is refused with 413 when it is too large, whatever its length is said to be", async () => {
    const { call, kestra, routes } = setUp({ maxBodyBytes: 100 });
    const answer = await call("/api/kestra/trigger/match", { json: { padding: "x".repeat(200) } });
    expect(answer.status).toBe(413);
    expect(answer.body.error).toContain("100 bytes");
    const chunks = ReadableStream.from([new Uint8Array(60), new Uint8Array(60)]);
    const request = new Request("http://localhost/api/kestra/trigger/match", {
      method: "POST",
      body: chunks as unknown as string,
      headers: { "content-type": "application/json" },
      duplex: "half",
    } as RequestInit);
    expect((await routes.fetch(request)).status).toBe(413);
    expect(kestra.calls).toEqual([]);
  });

  it("is refused with 400 when it is no JSON, or no object", async () => {
    const { call, kestra } = setUp();
    for (const body of ["{", "[]", "null", '"text"', "1", "\u0000", "{}{}"]) {
      const headers = { "content-type": "application/json; charset=utf-8" };
      const answer = await call("/api/kestra/trigger/match", { method: "POST", body, headers });
      expect(answer.status).toBe(400);
    }
    expect(kestra.calls).toEqual([]);
  });

  it("that was read by a middleware before is reported as that", async () => {
    const reported: string[] = [];
    const { routes } = setUp({ onError: (error: unknown) => reported.push(String(error)) });
    const request = new Request("http://localhost/api/kestra/trigger/match", {
      method: "POST",
      headers: { "content-type": "application/json", "content-length": "120" },
    });
    const response = await routes.fetch(request);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: "body_consumed" });
    expect(reported).toEqual([expect.stringContaining("before express.json()")]);
  });
});
