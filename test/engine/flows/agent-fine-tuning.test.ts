import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import type { Agent } from "../../../examples/arena/index.ts";
import type { FineTuneInput } from "../../../src/index.ts";
import { arenaApiKey } from "../support/arena-key.ts";
import { playMatches } from "../support/arena-matches.ts";
import { eventually } from "../support/eventually.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";
import { everythingAbout } from "../support/leaks.ts";
import { closedAddress, reasonOf } from "../support/outcomes.ts";
import { recordJobs } from "../support/record-jobs.ts";

const lines: EngineLine[] = ["2.0", "1.3"];
const knobs = { poll_interval: "PT0.2S", ask_again_interval: "PT0.2S" };
const startRoute = "POST /api/oumi/fine-tune";

describe.each(lines)("agent-fine-tuning on Kestra %s", (line) => {
  let world: FlowWorld;
  let agentId: string;

  beforeAll(async () => {
    world = await createFlowWorld(line, "tuning", { timeScale: 0 }, knobs);
    agentId = world.pairing().redAgentId;
    await playMatches(world.arena, { count: 9 });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());
  afterEach(() => world.arena.setFaults({}));

  const tune = (input: Partial<FineTuneInput> = {}) =>
    world.client.fineTuneAgent({ agentId, validationMatches: 0, ...input });
  const agentsNow = async (): Promise<Agent[]> => {
    const headers = { authorization: `Bearer ${arenaApiKey}` };
    return (await (await world.arena.app.request("/api/agents", { headers })).json()) as Agent[];
  };
  const jobsStarted = () => world.arena.requests[startRoute] ?? 0;

  it("does not train on too few rows, and says how many there are", async () => {
    const before = jobsStarted();

    const reason = await reasonOf(await tune({ minDatasetRows: 1_000 }));

    expect(reason).toMatch(/The dataset has \d+ rows, and at least 1000 are asked for/);
    expect(reason).toMatch(/Attacks left out: .*\d+ wrong outcome/);
    expect(jobsStarted()).toBe(before);
  });

  it("ends in words when a job fails, is cancelled, unknown or never ends, without a candidate", async () => {
    const ends = {
      fails: /Fine-tuning job job-\S+ failed: Training failed: loss is NaN/,
      cancelled: /Fine-tuning job job-\S+ was cancelled: Job cancelled/,
      unknown: /job-\S+ is unknown: no Oumi API is configured\. Set OUMI_API_URL/,
      "never-ends": /Fine-tuning job job-\S+ is still running after 1 seconds/,
    };
    const before = await agentsNow();
    await using jobs = await recordJobs(world.arena, Object.keys(ends) as (keyof typeof ends)[]);
    await world.pointTo(jobs.url);
    try {
      const reasons = await Promise.all(
        Object.keys(ends).map(async () => reasonOf(await tune({ maxWaitSeconds: 1 }))),
      );

      // Which run gets which job is for the engine to say.
      for (const words of Object.values(ends)) {
        expect(reasons.filter((reason) => words.test(reason))).toHaveLength(1);
      }
      expect(await agentsNow()).toEqual(before);
    } finally {
      await world.pointTo(world.arena.url);
    }
  });

  it("starts the job once when the arena takes the request late, and shows no credential", async () => {
    world.arena.setFaults({
      routes: [
        { route: startRoute, kind: "status", status: 503, first: 2 },
        { route: "GET /api/oumi/fine-tune/:jobId", kind: "status", status: 500, first: 1 },
        { route: "GET /api/agents", kind: "status", status: 500, first: 1 },
      ],
    });

    const before = jobsStarted();

    const execution = await tune();
    const { jobId } = await execution.result();

    expect(jobId).toMatch(/^job-/);
    // Twice refused, then taken.
    expect(jobsStarted()).toBe(before + 3);
    const text = await everythingAbout(world, execution.id);
    expect(text).toContain(jobId);
    expect(text).not.toContain(arenaApiKey);
  });

  it("does not ask for a job again when it may have been started", async () => {
    world.arena.setFaults({
      routes: [{ route: startRoute, kind: "status", status: 504, hasEffect: true, first: 1 }],
    });
    const before = jobsStarted();

    expect(await reasonOf(await tune())).toMatch(/answered 504 .* may have been started/);
    expect(jobsStarted()).toBe(before + 1);
  });

  it("makes one candidate when the answer to the first try is lost, or the connection", async () => {
    const route = "POST /api/agents";
    const asked = () => world.arena.requests[route] ?? 0;
    const before = await agentsNow();

    const runs = [];
    for (const kind of ["status", "reset"] as const) {
      const askedBefore = asked();
      world.arena.setFaults({ routes: [{ route, kind, status: 500, hasEffect: true, first: 1 }] });
      runs.push(await tune());
      await eventually(() => expect(asked()).toBe(askedBefore + 1));
    }
    const results = await Promise.all(runs.map((run) => run.result()));

    const made = (await agentsNow()).slice(before.length).map(({ id }) => id);
    expect(made).toEqual(results.map(({ candidateAgentId }) => candidateAgentId));
  });

  it("says in words what is wrong with the inputs, before anything is done", async () => {
    const before = jobsStarted();
    const { blueAgentId, targetAgentId } = world.pairing();
    const unknown = "00000000-0000-4000-8000-000000000000";
    const cases: [Partial<FineTuneInput>, string][] = [
      [{ agentId: unknown }, `Agent ${unknown} does not exist`],
      [{ agentType: "blue" }, `Agent ${agentId} is of type red, not blue`],
      [
        { validationMatches: 1, opponents: [{ blueAgentId: targetAgentId, targetAgentId }] },
        `Opponent ${targetAgentId} is of type target, not blue`,
      ],
      [
        { validationMatches: 1, opponents: [{ redAgentId: agentId, blueAgentId }] },
        "Each pair of opponents needs blue_agent_id and target_agent_id",
      ],
      [{ controlAgentId: agentId }, "A red agent is not to be careful"],
      [
        { agentId: blueAgentId, controlAgentId: targetAgentId },
        `Control agent ${targetAgentId} is of type target, not red`,
      ],
      [
        { agentId: blueAgentId, benignControls: [{ prompt: "Hello?", answer: "Allowed." }] },
        "Each of benign_controls needs the texts prompt and answer, and for kto refusal",
      ],
    ];
    const reasons = await Promise.all(cases.map(async ([input]) => reasonOf(await tune(input))));

    for (const [index, [, words]] of cases.entries()) expect(reasons[index]).toContain(words);
    expect(jobsStarted()).toBe(before);
  });

  it("fails in words when the arena is not there", async () => {
    const address = await closedAddress();
    await world.pointTo(address);
    try {
      expect(await reasonOf(await tune())).toContain(address);
    } finally {
      await world.pointTo(world.arena.url);
    }
  });

  it("ends as KILLED when it is killed while the job runs, without a candidate", async () => {
    world.arena.setFaults({ fineTuning: "never-ends" });
    const before = await agentsNow();
    const polls = () => world.arena.requests["GET /api/oumi/fine-tune/:jobId"] ?? 0;
    const polled = polls();
    const execution = await tune();
    await eventually(() => expect(polls()).toBeGreaterThan(polled));

    expect(await execution.cancel()).toMatchObject({ hasEnded: true, state: "KILLED" });
    expect(await agentsNow()).toEqual(before);
  });
});
