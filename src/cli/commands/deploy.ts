import { Command } from "commander";
import type { DeployedFlow } from "../../index.ts";
import type { CliCommand } from "../cli.ts";
import { examples } from "../help.ts";
import { table } from "../output.ts";
import { type FlowCommandOptions, flowSetOf, withFlowOptions } from "./flow-options.ts";

interface DeployCommandOptions extends FlowCommandOptions {
  dryRun?: boolean;
  overwrite?: boolean | string[];
}

/** `kestra-arena deploy` */
export const deployCommand: CliCommand = (cli) =>
  withFlowOptions(new Command("deploy"))
    .description("create or update the arena's flows in Kestra; deletes nothing")
    .option("--dry-run", "say what would be done, and do nothing")
    .option("--overwrite [flow...]", "replace flows that were edited in Kestra: all, or these")
    .addHelpText(
      "after",
      examples(
        "kestra-arena deploy --dry-run",
        "kestra-arena deploy --var poll_interval=PT2S",
        "kestra-arena deploy --overwrite match-orchestration",
      ),
    )
    .action(async ({ dryRun = false, overwrite = false, ...set }: DeployCommandOptions) => {
      const client = await cli.client();
      cli.leftRunning = "Flows that were deployed by then stay; deploy again to go on.";
      const flows = await client.flows.deploy({
        ...flowSetOf(set),
        dryRun,
        overwrite,
        signal: cli.interrupted,
        onProgress: ({ done, total, flow }) =>
          cli.output.progress(`${done}/${total} ${flow.flowId} ${flow.action}`),
      });
      const text = table(flows.map((flow) => row(flow, dryRun)));
      cli.output.result({ dryRun, flows }, dryRun ? `${text}\nNothing was changed.` : text);
    });

function row({ flowId, action, revision }: DeployedFlow, isDryRun: boolean): string[] {
  const word =
    isDryRun && action !== "unchanged" && action !== "kept" ? `would be ${action}` : action;
  return [flowId, word, revision === undefined ? "" : `revision ${revision}`];
}
