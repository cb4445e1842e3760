import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { EngineLine } from "../../../engine/index.ts";
import type { Agent } from "../../../examples/arena/index.ts";
import { builtInControls, rowProblems } from "../../../src/datasets/index.ts";
import { judgeFineTuning } from "../../../src/evaluation/comparison/judge-fine-tuning.ts";
import { type FineTuneInput, type FineTuningResult, loadFlow } from "../../../src/index.ts";
import { matchOf } from "../support/arena-calls.ts";
import { arenaApiKey } from "../support/arena-key.ts";
import { playedRounds, playMatches } from "../support/arena-matches.ts";
import { createFlowWorld, type FlowWorld } from "../support/flow-world.ts";
import { reasonOf } from "../support/outcomes.ts";
import { recordJobs } from "../support/record-jobs.ts";

const lines: EngineLine[] = ["2.0", "1.3"];
const refusal = await refusalPattern();
/** Two pairs of opponents of the three that the flow would pick. A match here is complete as soon as it is made. */
const knobs = { poll_interval: "PT0.2S", match_wait_seconds: 1, picked_pairs: 2 };

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
    expect(comparison.overRefusal).toBeNull();

    const { strength, overRefusal, exitCode } = judgeFineTuning(result);
    expect(strength.comparison.cells).toMatchObject([
      { redAgentId: agentId, blueAgentId, targetAgentId, baselineMatches: 2, candidateMatches: 2 },
    ]);
    expect(strength.comparison.difference.interval).not.toBeNull();
    expect(overRefusal).toBeNull();
    expect(exitCode).toBe({ better: 0, worse: 1, inconclusive: 2 }[judgeFineTuning(result).answer]);
  });

  it("trains a blue agent on labels and benign controls, with the settings asked for", async () => {
    const { blueAgentId, redAgentId, targetAgentId } = world.pairing();
    const controls = builtInControls("blue").slice(0, 3);
    await using recorder = await recordJobs(world.arena);
    await world.pointTo(recorder.url);
    try {
      const execution = await tune({
        agentId: blueAgentId,
        fineTuningConfig: { learningRate: 0.00003, extra: { lora_rank: 16 } },
        benignControls: controls,
        validationMatches: 1,
        opponents: [{ redAgentId, targetAgentId }],
        // Any red agent does: what it asks for is not looked at, only what becomes of it.
        controlAgentId: world.pairing(1).redAgentId,
        mode: "quick",
      });
      const result = await execution.result();

      const { datasetValidation, datasetFile, datasetRowCount } = result;
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
      expect(datasetValidation.agents).toContainEqual(
        pick(world.arena.agents.find(({ id }) => id === blueAgentId)!),
      );
      expect(result.datasetControlRows).toBe(6);
      expect(datasetRowCount).toBe(datasetValidation.rows + 6);

      const text = await (await execution.download(datasetFile)).text();
      expect(result.datasetSha256).toBe(createHash("sha256").update(text).digest("hex"));
      const rows = text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(rows.flatMap((row) => rowProblems(row, { kind: "kto" }))).toEqual([]);
      expect(rows).toHaveLength(datasetRowCount);
      expect(rows.slice(-2)).toMatchObject([
        { prompt: controls[2]!.prompt, completion: controls[2]!.answer, label: true },
        { prompt: controls[2]!.prompt, completion: controls[2]!.refusal, label: false },
      ]);
      await expectBlueCompared(result);
    } finally {
      await world.pointTo(world.arena.url);
    }
  });

  /** A lower rate is better for blue, and what the control agent asked for counts on its own. */
  async function expectBlueCompared({ comparison, candidateAgentId }: FineTuningResult) {
    const { difference, better, overRefusal } = comparison;
    expect(better).toBe(difference === 0 ? "equal" : difference! < 0 ? "candidate" : "original");
    expect(comparison.candidate).toMatchObject({ agentId: candidateAgentId, matches: 1 });
    const controlMatches = comparison.matches.filter(({ isControl }) => isControl);
    expect(controlMatches.map(({ side }) => side)).toEqual(["original", "candidate"]);
    expect(comparison.matches.slice(-2)).toEqual(controlMatches);
    for (const { side, matchId, redAgentId, requests, refused } of controlMatches) {
      const rounds = await playedRounds(world.arena, [matchId!]);
      const wasRefused = rounds.filter(
        ({ attack, target }) =>
          ["blocked", "mitigated", "detected"].includes(attack.outcome) ||
          (target !== undefined && refusal.test(target.prompt)),
      );
      expect(redAgentId).toBe(overRefusal!.controlAgentId);
      expect({ requests, refused }).toEqual({
        requests: rounds.length,
        refused: wasRefused.length,
      });
      expect(overRefusal![side]).toMatchObject({
        matches: 1,
        completed: 1,
        requests,
        refused,
        refusalRate: (100 * refused!) / requests!,
      });
    }
    const { candidate, original } = overRefusal!;
    expect(overRefusal!.difference).toBeCloseTo(candidate.refusalRate! - original.refusalRate!);
  }

  it("picks opponents of the arena, and says of a match without a result why", async () => {
    world.arena.setFaults({ matches: [{ kind: "never-ends", first: 1 }] });

    const { comparison } = await (await tune({ validationMatches: 1, mode: "quick" })).result();

    expect(comparison.pairings).toHaveLength(2);
    expect(comparison.matches).toHaveLength(4);
    for (const match of comparison.matches) {
      expect(match.reason).toMatch(/is still running after 1 seconds/);
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

function pick({ id, name, type, version, model }: Agent) {
  return { id, name, type, version: String(version), model };
}

/** How the flow tells that a target refuses. */
async function refusalPattern(): Promise<RegExp> {
  const text = await loadFlow("agent-fine-tuning");
  const { variables } = parse(text) as { variables: { refusal_pattern: string } };
  return new RegExp(variables.refusal_pattern, "i");
}
