import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { arenaFlowIds, batchEvaluation, loadFlow } from "kestra-arena";
import { parse } from "yaml";
import type { Goal, Suite } from "../lib/goal.ts";
import { pairedCpuRatio } from "../lib/paired.ts";
import { root } from "../lib/paths.ts";

/** Goals 12 and 13: checking a large batch, and loading the templates. */
export const schemas: Suite = {
  name: "schemas",
  async run({ progress }): Promise<Goal[]> {
    progress("10,000 pairings");
    const pairings = Array.from({ length: 10_000 }, (_, index) => ({
      redAgentId: uuid(index),
      blueAgentId: uuid(index + 1),
      targetAgentId: uuid(index + 2),
    }));
    const validation = await pairedCpuRatio(
      repeat(() => batchEvaluation.build({ agentCombinations: pairings })),
      repeat(() => ({ agent_combinations: checkByHand(pairings) })),
    );
    progress("templates");
    const folder = join(root, "flows");
    const names = (await readdir(folder)).filter((name) => name.endsWith(".yml"));
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
    const load = await pairedCpuRatio(
      async (repetitions) => {
        for (let count = 0; count < repetitions; count += 1) {
          await Promise.all(arenaFlowIds.map((id) => loadFlow(id)));
        }
      },
      repeat(() => texts.map((text) => parse(text))),
    );
    return [
      {
        id: "12",
        title: "10,000 pairings validated, over a loop by hand",
        value: validation,
        limit: 1.2,
        note: "unknown keys and the wire names included on both sides",
        limitedBy: "the expression for a UUID; the schema is compiled",
      },
      {
        id: "13",
        title: "loading all templates as text, over yaml.parse of them",
        value: load,
        limit: 0.02,
        note: "the text as it is shipped",
        limitedBy:
          "a promise a template: the text is kept after its first read; read from the disk each time it was 0.019",
      },
    ];
  },
};

function repeat(work: () => unknown): (repetitions: number) => void {
  return (repetitions) => {
    for (let count = 0; count < repetitions; count += 1) work();
  };
}

interface Pairing {
  redAgentId: string;
  blueAgentId: string;
  targetAgentId: string;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What one would write without a schema: each id by a regular expression, unknown keys refused, the names turned. */
function checkByHand(pairings: readonly Pairing[]) {
  return pairings.map((pairing) => {
    for (const key of Object.keys(pairing)) {
      if (key !== "redAgentId" && key !== "blueAgentId" && key !== "targetAgentId") {
        throw new Error(`unknown key ${key}`);
      }
    }
    const { redAgentId, blueAgentId, targetAgentId } = pairing;
    for (const id of [redAgentId, blueAgentId, targetAgentId]) {
      if (typeof id !== "string" || !uuidPattern.test(id)) throw new Error("not a UUID");
    }
    return { red_agent_id: redAgentId, blue_agent_id: blueAgentId, target_agent_id: targetAgentId };
  });
}

function uuid(index: number): string {
  return `7f6ff1f2-4f40-4d3b-9d4a-${index.toString(16).padStart(12, "0")}`;
}
