/**
 * `npm run bench`: measures the goals of `docs/benchmarks.md` side by side with their peers. `--write` writes that page,
 * `--only a,b` runs some of the suites, `--check` exits with 1 when a goal is missed.
 */
import { parseArgs } from "node:util";
import { type Goal, isMet, type SuiteTools } from "./lib/goal.ts";
import { describeGoal, writePage } from "./lib/report.ts";
import { ServerProcess } from "./lib/server-process.ts";
import { runInOwnProcess } from "./lib/suite-process.ts";
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
for (const name of names) {
  // The others are worth their time when one breaks.
  const measured = names.length === 1 ? await measure(name) : await runInOwnProcess(name);
  if (measured === undefined) broken.push(name);
  else goals.push(...measured);
}
if (process.send !== undefined) {
  // One of several: whoever started it tells how they all went.
  if (broken.length === 0) await new Promise((sent) => process.send?.(goals, sent));
  process.exit(broken.length);
}
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
const missed = goals.filter((goal) => !isMet(goal));
console.log(
  `${goals.length - missed.length} of ${goals.length} met or reported, in ${minutes} minutes.${missed.length === 0 ? "" : ` Missed: ${missed.map(({ id }) => id).join(", ")}.`}`,
);
if (values.write && broken.length === 0) await writePage(goals);
if (broken.length > 0 || (values.check && missed.length > 0)) process.exitCode = 1;

async function measure(name: string): Promise<Goal[] | undefined> {
  const tools: SuiteTools = {
    startServer: () => ServerProcess.start(),
    progress: (text) => console.error(`${name}: ${text}`),
  };
  try {
    const measured = await suites.find((suite) => suite.name === name)?.run(tools);
    const told = (measured ?? []).map((goal) => ({ ...goal, suite: name }));
    for (const goal of told) console.log(describeGoal(goal));
    return told;
  } catch (error) {
    console.error(`${name} failed:`, error);
    return undefined;
  }
}
