import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../engine/index.ts";
import { type EvaluationBatch, evaluate } from "../../../src/evaluation/index.ts";
import { seededRandom } from "../../../src/evaluation/statistics/random.ts";
import { KilledWorld } from "./killed-world.ts";

/**
 * How often each line's batch is killed, the process and Kestra each time. `RESUME_ROUNDS=10 npx vitest run --project
 * engine test/engine/evaluation/resume.test.ts` kills at nine random points more on each line; `RESUME_LINE=2.0` takes
 * one line alone, `RESUME_SEED` other points.
 */
const rounds = Number(process.env.RESUME_ROUNDS ?? 1);
const random = seededRandom(Number(process.env.RESUME_SEED ?? 2026));
const lines = (["2.0", "1.3"] satisfies EngineLine[]).filter(
  (line) => (process.env.RESUME_LINE ?? line) === line,
);

/** What the arena's matches come to; on both lines the same. */
let undisturbed: string[] | undefined;

describe.each(lines)("a batch on Kestra %s", (line) => {
  let world: KilledWorld;
  beforeAll(async () => {
    world = await KilledWorld.start(line);
    undisturbed ??= outcomes(
      await evaluate(world.client, world.matrix, { concurrency: 2, tickMs: 200 }),
    );
    expect(undisturbed).toHaveLength(4);
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it(
    "that is killed, the process and then Kestra, and resumed gives the rows of an undisturbed one",
    async () => {
      for (let round = 0; round < rounds; round += 1) {
        const journal = world.journal(`round-${round}`);
        await world.renewArena();
        // The worst moment is the first: the arena has a match that Kestra has not heard of.
        const isHeld = round === 0 || random() < 0.3;
        const held = isHeld ? world.heldMatch() : undefined;
        await world.killProcess(journal, isHeld ? 4 : anyLine());
        if (held) await held;
        else await world.killProcess(journal, anyLine());
        await world.killKestra();
        const batch = await world.finish(journal);
        const story = await world.story(journal, `round ${round}${isHeld ? ", held" : ""}`);
        expect(batch.isComplete, story).toBe(true);
        expect((await world.executionsOfMatches()).sort(), story).toEqual(executionsOf(batch));
        expect(outcomes(batch), story).toEqual(undisturbed);
      }
    },
    rounds * 200_000,
  );
});

/** A line of the journal, from its first to past its last one. */
function anyLine(): number {
  return 1 + Math.floor(random() * 10);
}

function executionsOf({ rows }: EvaluationBatch): (string | undefined)[] {
  return rows.map(({ executionId }) => executionId).sort();
}

/** What the matches came to, whichever repetition was played first. */
function outcomes({ rows }: EvaluationBatch): string[] {
  return rows
    .map(({ redAgentId, blueAgentId, metrics }) => sorted([redAgentId, blueAgentId, metrics]))
    .sort();
}

/** JSON whose keys are in order: Kestra keeps none. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort())
      : inner,
  );
}
