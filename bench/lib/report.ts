import { writeFile } from "node:fs/promises";
import { cpus, platform, totalmem } from "node:os";
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
  const limited = goals.filter(({ limit }) => limit !== undefined);
  const missed = limited.filter((goal) => !isMet(goal)).map(({ id }) => id);
  const verdict =
    missed.length === 0
      ? `All ${limited.length} are met.`
      : `${limited.length - missed.length} of ${limited.length} are met; ${missed.join(", ")} ${missed.length === 1 ? "is" : "are"} not, and their last column says why and what was tried.`;
  const page = `# Benchmarks

Written by \`npm run bench -- --write\`, never by hand; \`npm run bench -- --only watch,calls\` measures single suites. Measured on ${describeMachine()}, the server on loopback in a process of its own. Ratios are taken side by side in one run: the two take turns, and the median of the rounds counts. Only ratios, counts and bytes travel; the times are this machine's.

The official client is \`@kestra-io/kestra-sdk\` 0.24.1. Its package lacks files that it requires, which are stubbed here; without that it cannot be loaded at all, and its start of an execution sends no inputs.

${verdict}

| # | goal | reached | at most | met | measured | what limits it now | suite |
| --- | --- | --- | --- | --- | --- | --- | --- |
${limited.map(toRow).join("\n")}

## Besides

| what | measured | how | what limits it now | suite |
| --- | --- | --- | --- | --- |
${goals
  .filter(({ limit }) => limit === undefined)
  .map(toPlainRow)
  .join("\n")}
`;
  await writeFile(join(root, "docs", "benchmarks.md"), page);
}

function describeMachine(): string {
  const [{ model = "unknown" } = {}] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${model.replaceAll(/\s+/g, " ").trim()}), ${gigabytes} GiB of memory, ${platform()}, Node ${process.versions.node}`;
}

function toRow(goal: Goal): string {
  const { id, title, limit = Number.NaN, note, limitedBy = "", suite = "" } = goal;
  return `| ${id} | ${title} | ${reached(goal)} | ${format(limit)} | ${isMet(goal) ? "yes" : "**no**"} | ${note} | ${limitedBy} | ${suite} |`;
}

function toPlainRow(goal: Goal): string {
  const { title, note, limitedBy = "", suite = "" } = goal;
  return `| ${title} | ${reached(goal)} | ${note} | ${limitedBy} | ${suite} |`;
}

function reached({ value, unit }: Goal): string {
  return unit === undefined ? format(value) : `${format(value)} ${unit}`;
}

/** Three significant digits, whole numbers as they are. */
function format(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
