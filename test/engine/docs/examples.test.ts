import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../docs/pages.ts";
import { type Stage, setStage } from "./stage.ts";

/** What each example prints when it did what it says; `test/unit/routes` calls the backends. In an order that fits. */
const examples: [string, RegExp][] = [
  ["doctor", /arena A flow in Kestra reached the arena[\s\S]*\n(ok|warning)\n$/],
  [
    "one-match",
    /RUNNING\n[\s\S]*SUCCESS\n(red|blue|draw) won, [\d.]+ % of the attacks got through\n$/,
  ],
  ["attach", /Round 5/],
  ["many-matches", /2 of 2, 0 failed\n(AR-\S+ (red|blue|draw)\n){2}$/],
  ["cancel", /ended as KILLED\n.* is killed when this block is left\n$/],
  ["batch-report", /Red agents[\s\S]*Blue agents/],
  ["notebook-session", /new http[\s\S]*Red agents/],
  ["dataset", /^[1-9]\d* rows of [1-9]\d* matches\n[\s\S]*is fit for training\n$/],
  ["schedules", /^At 08:30, Monday through Friday[\s\S]*every 45 minutes/i],
  ["own-flow", /^Hello Ada\n$/],
  ["customise-flows", /match-orchestration (outdated|equal)[\s\S]*match-orchestration updated/],
];

describe("the examples", () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage("examples");
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it("are all held", () => {
    const files = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".ts"));
    const held = examples.map(([name]) => `${name}.ts`);
    expect(files.filter((name) => !name.startsWith("backend-")).sort()).toEqual(held.sort());
  });

  it.each(examples)("%s does what it says", async (name, printed) => {
    expect(await stage.run(join(root, "examples", `${name}.ts`))).toMatch(printed);
  });
});
