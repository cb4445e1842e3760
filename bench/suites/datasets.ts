import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DatasetMeasured } from "../datasets.ts";
import type { Goal, Suite } from "../lib/goal.ts";
import { root } from "../lib/paths.ts";

const run = promisify(execFile);
const sizes = [5_000, 50_000] as const;

/** Besides the goals: how fast events become a dataset, and what memory holds meanwhile. */
export const datasets: Suite = {
  name: "datasets",
  async run({ progress }): Promise<Goal[]> {
    progress(`datasets of ${sizes.join(" and ")} events`);
    const script = `${root}bench/datasets.ts`;
    const options = ["--expose-gc", script, sizes.join(","), "red", "json"];
    const { stdout } = await run(process.execPath, options);
    const [few, many] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as DatasetMeasured);
    if (few === undefined || many === undefined) throw new Error("The datasets were not built.");
    const perEvent = ({ seconds, events }: DatasetMeasured) => seconds / events;
    return [
      {
        id: "D1",
        title: "a dataset of 50,000 events: CPU an event, over that of 5,000",
        value: perEvent(many) / perEvent(few),
        note: `${(1 / perEvent(many)).toFixed(0)} events a second of CPU, scrubbed, deduplicated, split and written as JSON lines and Parquet`,
        limitedBy: "the scrubber's patterns over every text",
      },
      {
        id: "D2",
        title: "the same: memory held, over that of 5,000",
        value: many.heldMb / few.heldMb,
        note: `${many.heldMb.toFixed(1)} MB against ${few.heldMb.toFixed(1)} MB, of ten times as many events`,
        limitedBy: "some numbers a sample, for the search for duplicates; texts are on the disk",
      },
    ];
  },
};
