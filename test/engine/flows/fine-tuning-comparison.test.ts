import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import type { Agent } from "../../../examples/arena/index.ts";
import type { FineTuneInput } from "../../../src/index.ts";
import { matchOf } from "../support/arena-calls.ts";
import { arenaApiKey } from "../support/arena-key.ts";
import { playedRounds, playMatches } from "../support/arena-matches.ts";
import { reasonOf } from "../support/failures.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";
import { recordJobs } from "../support/record-jobs.ts";

const lines: EngineLine[] = ["2.0", "1.3"];
const knobs = { poll_interval: "PT0.2S", match_wait_seconds: 3 };

describe.each(lines)("the comparison of agent-fine-tuning on Kestra %s", (line) => {
  let world: FlowWorld;
  let agentId: string;
  let matchIds: string[];

  beforeAll(async () => {
    world = await createFlowWorld(line, "tuning.compared", { timeScale: 0 }, knobs);
    agentId = world.pairing().redAgentId;
    matchIds = await playMatches(world.arena, { count: 9 });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());
  afterEach(() => world.arena.setFaults({}));

  const tune = (input: Partial<FineTuneInput> = {}) =>
    world.client.fineTuneAgent({ agentId, validationMatches: 0, ...input });
  const agentsNow = async (): Promise<Agent[]> => {
    const headers = { authorization: `Bearer ${arenaApiKey}` };
    return (await (await world.arena.app.request("/api/agents", { headers })).json()) as Agent[];
  };

  it("makes a tuned candidate beside the agent and compares both on the same opponents", async () => {
    const before = await agentsNow();
    const { blueAgentId, targetAgentId } = world.pairing(0, 1, 1);

    const execution = await tune({
      agentType: "red",
      trainingMatchesCount: 2,
      fineTuningConfig: { epochs: 5, learningRate: 0.00003, extra: { lora_rank: 16 } },
      validationMatches: 2,
      opponents: [{ blueAgentId, targetAgentId }],
      mode: "quick",
    });
    const result = await execution.result();

    const original = before.find(({ id }) => id === agentId)!;
    const candidate = (await agentsNow()).find(({ id }) => id === result.candidateAgentId);
    expect(candidate).toMatchObject({
      type: "red",
      model: result.modelId,
      systemPrompt: original.systemPrompt,
      permissions: original.permissions,
      metadata: { tunedFrom: agentId, jobId: result.jobId },
    });
    expect(result.modelId).not.toBe(original.model);
    expect((await agentsNow()).filter(({ id }) => id !== candidate!.id)).toEqual(before);
    // The two newest of the agent's three matches.
    expect(result.datasetMatchIds).toEqual([matchIds[6], matchIds[3]]);
    expect(result.datasetValidation).toMatchObject({ trainFor: "red", kind: "sft" });

    const { comparison, validationMatchIds } = result;
    expect(comparison.matches.map(({ side, matchId }) => [side, matchId])).toEqual(
      ["original", "candidate", "original", "candidate"].map((side, index) => [
        side,
        validationMatchIds[index],
      ]),
    );
    expect(result.validationMatchId).toBe(validationMatchIds[1]);
    for (const side of ["original", "candidate"] as const) {
      const played = comparison.matches.filter((match) => match.side === side);
      const rounds = await playedRounds(
        world.arena,
        played.map(({ matchId }) => matchId!),
      );
      const outcomes = rounds.map(({ attack }) => attack.outcome);
      const attacks = outcomes.filter((outcome) => outcome !== "processed").length;
      const successes = outcomes.filter((outcome) => outcome === "success").length;
      expect(comparison[side]).toMatchObject({
        agentId: side === "original" ? agentId : candidate!.id,
        matches: 2,
        completed: 2,
        attacks,
        successes,
        attackSuccessRate: (100 * successes) / attacks,
      });
      for (const { matchId, blueAgentId: blue } of played) {
        expect(blue).toBe(blueAgentId);
        expect(await matchOf(world.arena, matchId!)).toMatchObject({
          metadata: { purpose: "evaluation" },
          redAgentId: comparison[side].agentId,
        });
      }
    }
    const difference =
      comparison.candidate.attackSuccessRate! - comparison.original.attackSuccessRate!;
    expect(comparison.difference).toBeCloseTo(difference);
    expect(comparison.better).toBe(
      difference === 0 ? "equal" : difference > 0 ? "candidate" : "original",
    );
  });

  it("trains a blue agent on labels, with the settings asked for, and finds a lower rate better", async () => {
    const { blueAgentId } = world.pairing();
    await using recorder = await recordJobs(world.arena);
    await world.pointTo(recorder.url);
    try {
      const execution = await tune({
        agentId: blueAgentId,
        fineTuningConfig: { learningRate: 0.00003, extra: { lora_rank: 16 } },
        validationMatches: 1,
        mode: "quick",
      });
      const { comparison, datasetValidation, datasetFile, datasetRowCount } =
        await execution.result();

      expect(recorder.jobs).toEqual([
        {
          agentId: blueAgentId,
          datasetId: datasetFile,
          config: {
            epochs: 3,
            learning_rate: 0.00003,
            batch_size: 8,
            lora_rank: 16,
            dataset_kind: "kto",
            dataset_format: "jsonl",
            dataset_rows: datasetRowCount,
            trainer_type: "TRL_KTO",
            kestra_execution_id: execution.id,
          },
        },
      ]);
      expect(datasetValidation).toMatchObject({ trainFor: "blue", kind: "kto" });
      for (const pairing of comparison.pairings) {
        expect(Object.keys(pairing)).toEqual(
          expect.arrayContaining(["redAgentId", "targetAgentId"]),
        );
      }
      const difference = comparison.difference!;
      expect(comparison.better).toBe(
        difference === 0 ? "equal" : difference < 0 ? "candidate" : "original",
      );
    } finally {
      await world.pointTo(world.arena.url);
    }
  });

  it("picks opponents of the arena, and says of a match without a result why", async () => {
    world.arena.setFaults({ matches: [{ kind: "never-ends", first: 1 }] });

    const { comparison } = await (await tune({ validationMatches: 1, mode: "quick" })).result();

    expect(comparison.pairings).toHaveLength(3);
    expect(comparison.matches).toHaveLength(6);
    for (const match of comparison.matches) {
      expect(match.reason).toMatch(/is still running after 3 seconds/);
      expect(match.matchId).toMatch(/^AR-/);
    }
    expect(comparison).toMatchObject({ difference: null, better: null });
  });

  it("keeps its validation matches out of later datasets, and refuses to train on them", async () => {
    const [evaluation] = await playMatches(world.arena, { metadata: { purpose: "evaluation" } });

    const dataset = await world.client.generateDataset({ agentId, minSeverity: 0 });
    const named = await tune({ matchIds: [...matchIds, evaluation!] });

    const { validation, matchIds: taken } = await dataset.result();
    expect(validation.leftOutMatches.evaluation_only).toBeGreaterThan(0);
    expect(taken).not.toContain(evaluation);
    expect(await reasonOf(named)).toContain(
      "1 of the matches was played for evaluation: an agent must not be trained on what it is tested with",
    );
  });
});
