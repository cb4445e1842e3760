import { Command } from "commander";
import type { FlowReport } from "../../index.ts";
import type { CliCommand } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { examples } from "../help.ts";
import { type FlowCommandOptions, flowSetOf, withFlowOptions } from "./flow-options.ts";

/** `kestra-arena validate` */
export const validateCommand: CliCommand = (cli) =>
  withFlowOptions(new Command("validate"))
    .description("check the flows as they would be deployed, here and by Kestra; stores nothing")
    .addHelpText("after", examples("kestra-arena validate", "kestra-arena validate --line 1.3"))
    .action(async (set: FlowCommandOptions) => {
      const client = await cli.client();
      const flows = await client.flows.validate({ ...flowSetOf(set), signal: cli.interrupted });
      const isValid = flows.every(({ problems }) => problems.length === 0);
      if (!isValid) cli.exitCode = exitCodes.no;
      cli.output.result({ isValid, flows }, flows.map(describe).join("\n"));
    });

function describe({ flowId, problems, warnings }: FlowReport): string {
  const lines = [`${flowId}: ${problems.length === 0 ? "valid" : "not valid"}`];
  for (const { from, message, line } of problems) {
    const where = line === undefined ? "" : ` (line ${line})`;
    lines.push(`  ${from === "kestra" ? "Kestra: " : ""}${message}${where}`);
  }
  lines.push(...warnings.map((text) => `  Warning: ${text}`));
  return lines.join("\n");
}
