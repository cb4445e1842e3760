import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { type Goal, isMet } from "./goal.ts";
import { root } from "./paths.ts";

/** One line of the terminal's report. */
export function describeGoal(goal: Goal): string {
  const mark = goal.limit === undefined ? " " : isMet(goal) ? "✓" : "✗";
  const limit = goal.limit === undefined ? "" : ` (at most ${format(goal.limit)})`;
  const unit = goal.unit === undefined ? "" : ` ${goal.unit}`;
  return `${mark} ${goal.id.padEnd(4)} ${goal.title}: ${format(goal.value)}${unit}${limit} — ${goal.note}`;
}

/** Writes `docs/benchmarks.md`. */
export async function writePage(goals: readonly Goal[]): Promise<void> {
  const machine = `${cpus().length} cores, Node ${process.versions.node}`;
  const rows = goals.filter(({ limit }) => limit !== undefined).map(toRow);
  const besides = goals.filter(({ limit }) => limit === undefined);
  const page = `# Benchmarks

Written by \`npm run bench -- --write\`, never by hand. Measured on ${machine}, the server on loopback in a process of its own. Ratios are taken side by side in one run: the two take turns, and the median of the rounds counts. Only ratios, counts and bytes travel; the times in the notes are this machine's.

The official client is \`@kestra-io/kestra-sdk\` 0.24.1. Its package lacks files that it requires, which are stubbed here; without that it cannot be loaded at all, and its start of an execution sends no inputs.

| # | goal | reached | at most | met | what limits it |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

## Besides

| what | measured | how |
| --- | --- | --- |
${besides.map((goal) => `| ${goal.title} | ${format(goal.value)}${goal.unit === undefined ? "" : ` ${goal.unit}`} | ${goal.note} |`).join("\n")}
`;
  await writeFile(join(root, "docs", "benchmarks.md"), page);
}

function toRow(goal: Goal): string {
  const { id, title, value, limit = Number.NaN, note } = goal;
  const unit = goal.unit === undefined ? "" : ` ${goal.unit}`;
  return `| ${id} | ${title} | ${format(value)}${unit} | ${format(limit)} | ${isMet(goal) ? "yes" : "**no**"} | ${note} |`;
}

/** Three significant digits, whole numbers as they are. */
function format(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
