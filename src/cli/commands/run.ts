import { Command, Option } from "commander";
import type { Execution } from "../../index.ts";
import type { Cli, CliCommand } from "../cli.ts";
import { readInputs } from "../flow-inputs.ts";
import { followRun } from "../follow-run.ts";
import { examples } from "../help.ts";
import { collect, collectPairs, parseDuration } from "../option-parsers.ts";
import { pickFlow, refuseUnknownInputs } from "../pick-flow.ts";

interface RunCommandOptions {
  input?: string[];
  file?: string;
  key?: string;
  label?: Record<string, string>;
  wait?: boolean;
  timeout?: number;
}

/** `kestra-arena run` */
export const runCommand: CliCommand = (cli) =>
  new Command("run")
    .description("start a flow")
    .argument("<flow>", "one of the arena's flows, or any other in the namespace")
    .addOption(
      new Option(
        "-i, --input <name=value>",
        "an input; may be given many times. A value that is JSON is read as it",
      ).argParser(collect),
    )
    .option("-f, --file <path>", "the inputs as one JSON object; - reads standard input")
    .option(
      "-k, --key <key>",
      "your name for this piece of work: a second start with it joins the first",
    )
    .addOption(
      new Option(
        "-l, --label <name=value>",
        "a label of the run; may be given many times",
      ).argParser(collectPairs),
    )
    .option("-w, --wait", "wait for the end, and print the result")
    .addOption(
      new Option("--timeout <time>", "how long --wait waits, such as 10m").argParser(parseDuration),
    )
    .addHelpText(
      "after",
      examples(
        "kestra-arena run match-orchestration -i redAgentId=… -i blueAgentId=… -i targetAgentId=… -i mode=quick --wait",
        "kestra-arena run batch-evaluation --file batch.json --key nightly-42 --wait --timeout 2h",
        "jq -n '{minSeverity: 7}' | kestra-arena run dataset-generation --file -",
        "kestra-arena run a-flow-of-mine -i who=world",
        "",
        "The arena's flows take their inputs by the names that the library has (redAgentId), others by those of their YAML.",
      ),
    )
    .action(async (flowId: string, options: RunCommandOptions) => {
      const execution = await start(cli, flowId, options);
      const { id: executionId, namespace, url, started, lastState: state } = execution;
      if (options.wait !== true) {
        const value = { executionId, flowId, namespace, url, state, started };
        const word = started === "new" ? "Started" : "Joined";
        cli.output.result(value, `${word} ${executionId} of ${flowId}\n${url}`);
        return;
      }
      cli.output.note(`${started === "new" ? "Started" : "Joined"} ${executionId}: ${url}`);
      await followRun(cli, execution, { timeoutMs: options.timeout });
    });

async function start(
  cli: Cli,
  flowId: string,
  options: RunCommandOptions,
): Promise<Execution<unknown>> {
  const { flow, isOwn } = pickFlow(flowId);
  const inputs = await readInputs(cli, flow, options);
  const client = await cli.client();
  if (!isOwn) await refuseUnknownInputs(client, flow, inputs, cli.interrupted);
  cli.leftRunning = `It was being started: "kestra-arena list --flow ${flowId}" shows whether it runs.`;
  // Not with the interrupt's signal: what was sent cannot be taken back, so its answer is waited for.
  const execution = await client.start(flow, inputs, { key: options.key, labels: options.label });
  cli.leftRunning = `Execution ${execution.id} runs in Kestra.`;
  return execution;
}
