/**
 * `npm run bench`: measures the goals of `docs/benchmarks.md` side by side with their peers. `--write` writes that page,
 * `--only a,b` runs some of the suites, `--check` exits with 1 when a goal is missed.
 */
import { parseArgs } from "node:util";
import { type Goal, isMet, type SuiteTools } from "./lib/goal.ts";
import { describeGoal, writePage } from "./lib/report.ts";
import { ServerProcess } from "./lib/server-process.ts";
import { suites } from "./suites/index.ts";

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const names = values.only?.split(",") ?? suites.map(({ name }) => name);
const unknown = names.filter((name) => suites.every((suite) => suite.name !== name));
if (unknown.length > 0) {
  console.error(
    `There is no suite ${unknown.join(", ")}; there are ${suites.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}
if (values.write && values.only !== undefined) {
  console.error("--write needs all suites: the page holds them all.");
  process.exit(2);
}

const startedAt = performance.now();
const goals: Goal[] = [];
const broken: string[] = [];
for (const suite of suites) {
  if (!names.includes(suite.name)) continue;
  const tools: SuiteTools = {
    startServer: () => ServerProcess.start(),
    progress: (text) => console.error(`${suite.name}: ${text}`),
  };
  try {
    const measured = (await suite.run(tools)).map((goal) => ({ ...goal, suite: suite.name }));
    for (const goal of measured) console.log(describeGoal(goal));
    goals.push(...measured);
  } catch (error) {
    // The others are worth their time all the same.
    console.error(`${suite.name} failed:`, error);
    broken.push(suite.name);
  }
}
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
const missed = goals.filter((goal) => !isMet(goal));
console.log(
  `${goals.length - missed.length} of ${goals.length} met or reported, in ${minutes} minutes.${missed.length === 0 ? "" : ` Missed: ${missed.map(({ id }) => id).join(", ")}.`}`,
);
if (values.write && broken.length === 0) await writePage(goals);
if (broken.length > 0 || (values.check && missed.length > 0)) process.exitCode = 1;
