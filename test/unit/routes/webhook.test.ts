import { type ArenaRouteOptions, createArenaRoutes } from "kestra-arena/routes";

// Whole requests through whole stacks: on a busy machine they may take their time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

import { describe, expect, it, vi } from "vitest";
import { documented } from "./documented.ts";
import { createFakeKestra, problem } from "./fake-kestra.ts";

const plain = `
id: match-orchestration
inputs:
  - {id: red_agent_id, type: STRING}
  - {id: is_rated, type: BOOL}
  - {id: tags, type: JSON}
`;
const withTrigger = (key: string) => `
id: hooked
triggers:
  - {id: off, type: io.kestra.plugin.core.trigger.Webhook, key: wrong, disabled: true}
  - {id: hook, type: io.kestra.plugin.core.trigger.Webhook, key: "${key}"}
`;

function setUp(options: Partial<ArenaRouteOptions> = {}) {
  const kestra = createFakeKestra();
  kestra.sources.set("ai-arena/match-orchestration", plain);
  kestra.sources.set("ai-arena/hooked", withTrigger("k3y-0f-the-h00k"));
  kestra.sources.set("ai-arena/secretly-hooked", withTrigger("{{ secret('HOOK') }}"));
  kestra.sources.set("ai-arena/payroll", plain);
  const errors: unknown[] = [];
  const routes = createArenaRoutes(kestra.arena, {
    authorize: "none",
    flows: ["hooked", "secretly-hooked"],
    onError: (error) => errors.push(error),
    ...options,
  });
  return { kestra, errors, call: documented(routes) };
}

describe("POST /webhook/:flowId", () => {
  it("starts a flow of the registry with the body as its inputs", async () => {
    const { call, kestra } = setUp();
    const json = { red_agent_id: "abc", is_rated: true, tags: { a: [1] } };
    const { status, body } = await call("/api/kestra/webhook/match-orchestration", { json });
    expect(status).toBe(200);
    expect(body).toEqual({ success: true, executionId: "run1" });
    expect(kestra.executions.get("run1")?.inputs).toEqual({
      red_agent_id: "abc",
      is_rated: "true",
      tags: '{"a":[1]}',
    });
  });

  it("starts it once for one Idempotency-Key", async () => {
    const { call, kestra } = setUp();
    const init = { json: { red_agent_id: "abc" }, headers: { "idempotency-key": "delivery-7" } };
    const first = await call("/api/kestra/webhook/match-orchestration", init);
    const second = await call("/api/kestra/webhook/match-orchestration", init);
    expect(second.body).toEqual(first.body);
    expect(kestra.starts).toBe(1);
  });

  it("goes through the flow's own Webhook trigger when it has one", async () => {
    const { call, kestra } = setUp();
    const { status, body } = await call("/api/kestra/webhook/hooked", { json: { anything: [1] } });
    expect(status).toBe(200);
    expect(body).toEqual({ success: true, executionId: "run1" });
    const [sent] = kestra.calls.filter(({ method }) => method === "POST");
    expect(sent?.path).toBe("executions/webhook/ai-arena/hooked/k3y-0f-the-h00k");
  });

  it("takes the key of a trigger from webhookKeys where the flow has an expression", async () => {
    const { call, errors } = setUp();
    const { status, body } = await call("/api/kestra/webhook/secretly-hooked", { json: {} });
    expect(status).toBe(500);
    expect(body.error).toContain("webhookKeys");
    expect(errors).toHaveLength(1);
    const given = setUp({ webhookKeys: { "secretly-hooked": "fr0m-the-0ptions" } });
    expect((await given.call("/api/kestra/webhook/secretly-hooked", { json: {} })).status).toBe(
      200,
    );
    expect(given.kestra.calls.at(-1)?.path).toContain("fr0m-the-0ptions");
  });

  it("answers 409 when the trigger's condition is not met, on either line", async () => {
    for (const answer of [() => new Response(null, { status: 204 }), () => problem(409, "No")]) {
      const { call, kestra } = setUp();
      kestra.rules.push({ path: /webhook/, answer });
      expect((await call("/api/kestra/webhook/hooked", { json: {} })).status).toBe(409);
    }
  });

  it("says success without an id when the trigger answers with outputs", async () => {
    const { call, kestra } = setUp();
    kestra.rules.push({ path: /webhook/, answer: () => Response.json({ greeting: "hi" }) });
    const { status, body } = await call("/api/kestra/webhook/hooked", { json: {} });
    expect(status).toBe(200);
    expect(body).toEqual({ success: true });
  });

  it("keeps the trigger's key out of every error", async () => {
    const { call, kestra, errors } = setUp();
    kestra.rules.push({ path: /webhook/, answer: () => problem(500, "down") });
    expect((await call("/api/kestra/webhook/hooked", { json: {} })).status).toBe(502);
    const { inspect } = await import("node:util");
    expect(inspect(errors, { depth: 9, showHidden: true })).not.toContain("k3y-0f-the-h00k");
  });

  it.each(["payroll", "nothing", "..", "%2e%2e", "constructor", "__proto__"])(
    "does not know %s",
    async (flowId) => {
      const { call, kestra } = setUp();
      expect((await call(`/api/kestra/webhook/${flowId}`, { json: {} })).status).toBe(404);
      expect(kestra.calls).toEqual([]);
    },
  );

  it("answers 404 for a flow that is not deployed", async () => {
    const { call } = setUp();
    const { status, body } = await call("/api/kestra/webhook/batch-evaluation", { json: {} });
    expect(status).toBe(404);
    expect(body.error).toBe("The flow batch-evaluation is not deployed.");
  });

  it.each([
    [{ redAgentId: "abc" }, "is no input of this flow; they are red_agent_id, is_rated, tags"],
    [{ is_rated: "maybe" }, "must be true or false"],
    [{ red_agent_id: null }, "must not be null: leave it out"],
    [{ red_agent_id: "" }, "must not be empty: Kestra would take it as not given"],
  ])("refuses %j, which Kestra would take without a word", async (json, message) => {
    const { call, kestra } = setUp();
    const { status, body } = await call("/api/kestra/webhook/match-orchestration", { json });
    expect(status).toBe(400);
    expect(body.details).toEqual([{ path: [Object.keys(json)[0]], message }]);
    expect(kestra.starts).toBe(0);
  });

  it.each(["match-orchestration", "hooked"])("refuses to nest without end (%s)", async (flowId) => {
    const { call, kestra } = setUp();
    const value = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const { status, body } = await call(`/api/kestra/webhook/${flowId}`, {
      method: "POST",
      body: `{"tags":${value}}`,
      headers: { "content-type": "application/json" },
    });
    expect(status).toBe(400);
    expect(body.details[0].message).toContain("nested");
    expect(kestra.starts).toBe(0);
  });

  it("passes on what Kestra itself finds wrong with an input", async () => {
    const { call, kestra } = setUp();
    const detail = "Invalid value for input `red_agent_id`. Cause: it must match the pattern";
    kestra.rules.push({ method: "POST", path: /^executions/, answer: () => problem(422, detail) });
    const json = { red_agent_id: "abc" };
    const { status, body } = await call("/api/kestra/webhook/match-orchestration", { json });
    expect(status).toBe(400);
    expect(body.details).toEqual([{ path: [], message: detail }]);
  });
});

describe("webhookSecret", () => {
  const webhookSecret = "a-secret-of-enough-characters";
  const json = { red_agent_id: "abc" };

  it("opens the webhook to who has it, and nothing else", async () => {
    const { call } = setUp({ webhookSecret, authorize: () => false });
    const headers = { "x-arena-webhook-secret": webhookSecret };
    const answer = await call("/api/kestra/webhook/match-orchestration", { json, headers });
    expect(answer.status).toBe(200);
    expect((await call("/api/kestra/executions/run1", { headers })).status).toBe(401);
  });

  it.each([undefined, "", "wrong", `${webhookSecret}x`, webhookSecret.slice(1)])(
    "keeps %j out, whatever authorize says",
    async (given) => {
      const { call, kestra } = setUp({ webhookSecret, authorize: () => true });
      const headers = given === undefined ? {} : { "x-arena-webhook-secret": given };
      const answer = await call("/api/kestra/webhook/match-orchestration", { json, headers });
      expect(answer.status).toBe(401);
      expect(kestra.calls).toEqual([]);
    },
  );
});
