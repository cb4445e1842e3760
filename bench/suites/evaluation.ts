import { analyze } from "kestra-arena/evaluation";
import type { Goal, Suite } from "../lib/goal.ts";
import { sampleRows } from "../lib/sample-rows.ts";
import { median } from "../lib/statistics.ts";

const sizes = [100, 1_000, 10_000] as const;

/** Besides the goals: what the analysis of a batch costs, and how that grows with the matches. */
export const evaluation: Suite = {
  name: "evaluation",
  async run({ progress }): Promise<Goal[]> {
    const times = new Map<number, number>();
    for (const matches of sizes) {
      progress(`analyze on ${matches} matches`);
      const rows = sampleRows(matches);
      // The first time compiles the code.
      analyze(rows);
      times.set(matches, median(Array.from({ length: 5 }, () => cpuMs(() => analyze(rows)))));
    }
    const at = (matches: number) => times.get(matches) ?? Number.NaN;
    const list = sizes.map((matches) => `${matches}: ${at(matches).toFixed(0)} ms`).join("; ");
    return [
      {
        id: "E",
        title: "analyze on 10,000 matches, over analyze on 1,000",
        value: at(10_000) / at(1_000),
        note: `CPU by matches of 5 red and 5 blue agents on 4 targets: ${list}`,
        limitedBy:
          "one pass over the rows a breakdown; the fit of the ratings depends on the pairings alone",
      },
    ];
  },
};

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
