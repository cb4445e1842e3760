import { describe, expect, it } from "vitest";
import type { AgentType } from "../../../examples/arena/index.ts";
import { type ArenaUnderTest, arrangeArena } from "./support.ts";

async function startJob({ send, red }: ArenaUnderTest, agentId = red.id) {
  return send("POST", "/api/oumi/fine-tune", {
    agentId,
    datasetId: "dataset-1",
    config: { epochs: 3 },
  });
}

describe("the Oumi export", () => {
  it("pairs each attack with the reply, whatever came of it", async () => {
    const under = arrangeArena({ timeScale: 0 });
    const { id } = await under.startMatch({ mode: "standard" });
    const replies = (await under.events(id)).filter(({ type }) => type === "target");

    const { status, body } = await under.send("POST", "/api/oumi/export-dataset", {
      matchIds: [id, "AR-2025-9999"],
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ format: "json", count: replies.length, matchIds: [id] });
    expect(body.dataset).toHaveLength(replies.length);
    expect(
      body.dataset.map(({ messages }: { messages: { content: string }[] }) => messages[1]?.content),
    ).toEqual(replies.map(({ prompt }) => prompt));
    const outcomes = new Set(
      body.dataset.map(({ metadata }: { metadata: { outcome: string } }) => metadata.outcome),
    );
    expect(outcomes).toContain("success");
    expect(outcomes.size).toBeGreaterThan(1);
  });

  it("refuses a body without match ids", async () => {
    const { send } = arrangeArena();

    expect((await send("POST", "/api/oumi/export-dataset", {})).status).toBe(400);
  });
});

describe("a fine-tuning job", () => {
  it("is queued, runs, and succeeds with a model", async () => {
    const under = arrangeArena({ timeScale: 1 });
    const started = await startJob(under);
    const state = async () => (await under.get(`/api/oumi/fine-tune/${started.body.jobId}`)).body;

    expect(started).toMatchObject({
      status: 200,
      body: { agentId: under.red.id, status: "queued", config: { epochs: 3 } },
    });
    expect(await state()).toMatchObject({ status: "queued" });
    under.advance(5500);
    expect(await state()).toMatchObject({ status: "running", progress: 50 });
    expect(await state()).not.toHaveProperty("modelId");
    under.advance(4500);
    expect(await state()).toMatchObject({
      jobId: started.body.jobId,
      status: "succeeded",
      modelId: expect.stringContaining(under.red.model),
    });
  });

  it.each([
    ["fails", "failed"],
    ["cancelled", "cancelled"],
    ["unknown", "unknown"],
    ["never-ends", "running"],
  ] as const)("%s when the arena is told so", async (fineTuning, status) => {
    const under = arrangeArena({ faults: { fineTuning } });
    const { body } = await startJob(under);
    under.advance(3_600_000);

    const state = (await under.get(`/api/oumi/fine-tune/${body.jobId}`)).body;

    expect(state).toMatchObject({ status });
    expect(state).not.toHaveProperty("modelId");
  });

  it("is answered as pending when no Oumi API is configured", async () => {
    const { body } = await startJob(arrangeArena({ faults: { fineTuning: "unknown" } }));

    expect(body).toMatchObject({
      status: "pending",
      message: expect.stringMatching(/no Oumi API/),
    });
  });

  it("says completed when the arena is told to", async () => {
    const under = arrangeArena({ timeScale: 0, saysCompleted: true });
    const { body } = await startJob(under);

    expect((await under.get(`/api/oumi/fine-tune/${body.jobId}`)).body.status).toBe("completed");
  });

  it("answers 404 for an agent or a job that is not there", async () => {
    const under = arrangeArena();

    expect((await startJob(under, "00000000-0000-4000-8000-000000000000")).status).toBe(404);
    expect((await under.get("/api/oumi/fine-tune/job-0")).status).toBe(404);
  });
});

describe("an agent with a tuned model", () => {
  async function rates(type: AgentType, tuningBoost: number) {
    const under = arrangeArena({ timeScale: 0, tuningBoost });
    const original = under[type];
    const { body: job } = await startJob(under, original.id);
    const { modelId } = (await under.get(`/api/oumi/fine-tune/${job.jobId}`)).body;
    const { name, systemPrompt } = original;
    const input = { name: `${name} (candidate)`, type, systemPrompt, model: modelId };
    const candidate = (await under.send("POST", "/api/agents", input)).body;
    const { red, blue, target, arena } = under;
    const rateWith = (agent: { id: string }) => {
      const sides = { red, blue, target, [type]: agent };
      return arena.truth.expectedAttackSuccessRate(sides.red, sides.blue, sides.target);
    };
    return { original: rateWith(original), candidate: rateWith(candidate) };
  }

  it("is really better than the one that it was tuned from", async () => {
    const [red, blue, target] = [
      await rates("red", 0.5),
      await rates("blue", 0.5),
      await rates("target", 0.5),
    ];

    expect(red.candidate).toBeGreaterThan(red.original + 0.03);
    expect(blue.candidate).toBeLessThan(blue.original - 0.03);
    expect(target.candidate).toBeLessThan(target.original - 0.03);
  });

  it("is no better, or worse, when tuning does nothing or harm", async () => {
    const [nothing, harm] = [await rates("blue", 0), await rates("blue", -0.5)];

    expect(nothing.candidate).toBe(nothing.original);
    expect(harm.candidate).toBeGreaterThan(harm.original);
  });
});

describe("an alert", () => {
  const alert = { match_id: "AR-2025-0001", severity: 9, critical_vulnerabilities: 3 };

  it("meets 404, as in today's backend", async () => {
    const { arena, send } = arrangeArena();

    expect((await send("POST", "/api/alerts", alert)).status).toBe(404);
    expect(arena.alerts).toEqual([]);
    expect(arena.requests["POST /api/alerts"]).toBe(1);
  });

  it("is taken and kept when the arena takes alerts", async () => {
    const { arena, send } = arrangeArena({ alerts: true });

    expect((await send("POST", "/api/alerts", { ...alert, state: "raised" })).status).toBe(201);
    expect(arena.alerts).toEqual([
      { receivedAt: "2025-06-01T00:00:00.000Z", body: { ...alert, state: "raised" } },
    ]);
  });
});
