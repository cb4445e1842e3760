import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Program, writePrograms } from "../../docs/programs.ts";
import { type Stage, setStage } from "./stage.ts";

const programs = writePrograms("run").filter(({ isRun }) => isRun);
const pages = [...new Set(programs.map(({ page }) => page))];

/** Each page is followed on its own, its programs one after the other. */
describe.each(pages)("who follows %s", (page) => {
  const own = programs.filter((program) => program.page === page);
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage(page.replace(/^.*\//, "").replace(/\.md$/, "").toLowerCase());
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(own.map((program) => [program.line, program] as const))(
    "gets what the block at line %i says",
    async (_line, { file, output }: Program) => {
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
