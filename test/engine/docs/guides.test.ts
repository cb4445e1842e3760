import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Program, writePrograms } from "../../docs/programs.ts";
import { type Stage, setStage } from "./stage.ts";

// README's program is followed by a stranger, beside this.
const programs = writePrograms("run").filter(({ page, isRun }) => isRun && page !== "README.md");
const isCustomising = ({ page }: Program) => page.includes("customising");

describe("who follows the guides, one after the other, gets what they say", () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage("guides");
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  // The page that changes the flows comes last.
  const inOrder = [
    ...programs.filter((program) => !isCustomising(program)),
    ...programs.filter(isCustomising),
  ];
  it.each(inOrder.map((program) => [`${program.page}:${program.line}`, program] as const))(
    "%s",
    async (_place, { file, output }) => {
      const printed = await stage.run(file);
      for (const text of output) expect(printed).toMatch(patternOf(text));
    },
  );
});

/** The printed text with `…` for what differs from run to run. */
function patternOf(text: string): RegExp {
  return new RegExp(text.trim().split("…").map(escapeText).join("[\\s\\S]*?"));
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
