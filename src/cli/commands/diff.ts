import { Command } from "commander";
import type { FlowDiff } from "../../index.ts";
import type { Cli, CliCommand } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { examples } from "../help.ts";
import { type FlowCommandOptions, flowSetOf, withFlowOptions } from "./flow-options.ts";

/** `kestra-arena diff` */
export const diffCommand: CliCommand = (cli) =>
  withFlowOptions(new Command("diff"))
    .description("show what a deployment would change")
    .option("--exit-code", "end with 1 when it would change something")
    .addHelpText("after", examples("kestra-arena diff", "kestra-arena diff --exit-code --json"))
    .action(async ({ exitCode, ...set }: FlowCommandOptions & { exitCode?: boolean }) => {
      const client = await cli.client();
      const flows = await client.flows.diff({ ...flowSetOf(set), signal: cli.interrupted });
      const differs = flows.some(({ status }) => status !== "equal");
      if (exitCode === true && differs) cli.exitCode = exitCodes.no;
      cli.output.result({ differs, flows }, flows.map((flow) => describe(cli, flow)).join("\n"));
    });

const statuses = {
  equal: "equal",
  missing: "not in Kestra",
  outdated: "would be updated",
  drifted: "edited in Kestra; kept unless it is overwritten",
} as const;

function describe(cli: Cli, { flowId, status, changes, text, contract }: FlowDiff): string {
  const lines = [`${flowId}: ${statuses[status]}`];
  if (text !== undefined && status !== "missing") {
    lines.push(
      ...text
        .trimEnd()
        .split("\n")
        .map((line) => colour(cli, line)),
    );
  } else {
    lines.push(...changes.map(({ path }) => `  ${path}`));
  }
  lines.push(...contract.map((problem) => `  The SDK will stumble: ${problem}`));
  return lines.join("\n");
}

function colour(cli: Cli, line: string): string {
  if (line.startsWith("+")) return cli.output.style("green", line);
  return line.startsWith("-") ? cli.output.style("red", line) : line;
}
