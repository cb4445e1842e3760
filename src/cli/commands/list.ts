import { Command, Option } from "commander";
import type { KestraExecution } from "../../index.ts";
import { liveStates } from "../../kestra/states.ts";
import type { CliCommand } from "../cli.ts";
import { examples } from "../help.ts";
import { collect, parseCount } from "../option-parsers.ts";
import { table } from "../output.ts";

interface ListCommandOptions {
  flow?: string;
  state?: string[];
  live?: boolean;
  key?: string;
  limit: number;
}

/** `kestra-arena list` */
export const listCommand: CliCommand = (cli) =>
  new Command("list")
    .description("list runs, newest first")
    .option("--flow <flow>", "of this flow alone")
    .addOption(
      new Option("--state <state>", "in this state; may be given many times").argParser(collect),
    )
    .option("--live", "only those that have not ended")
    .option("--key <key>", "started with this key")
    .addOption(new Option("--limit <n>", "how many at the most").argParser(parseCount).default(20))
    .addHelpText(
      "after",
      examples(
        "kestra-arena list --flow batch-evaluation",
        "kestra-arena list --live --json | jq -r '.[].id'",
      ),
    )
    .action(async ({ flow, state, live, key, limit }: ListCommandOptions) => {
      const client = await cli.client();
      const filter = {
        flowId: flow,
        states: live === true ? liveStates : state,
        ...(key !== undefined && { labels: { "arena.key": key } }),
      };
      const found: KestraExecution[] = [];
      const runs = client.executions.list(filter, { limit, signal: cli.interrupted });
      for await (const execution of runs) found.push(execution);
      cli.output.result(
        found.map(describe),
        found.length === 0 ? "No runs." : table(found.map(row)),
      );
    });

function describe({ id, flowId, namespace, state, labels }: KestraExecution) {
  const { current, startDate, endDate } = state;
  return { id, flowId, namespace, state: current, startDate, endDate, labels };
}

function row({ id, flowId, state, labels }: KestraExecution): string[] {
  const key = labels.find((label) => label.key === "arena.key")?.value;
  const started = state.startDate?.slice(0, 19).replace("T", " ") ?? "";
  return [id, state.current, started, flowId, key === undefined ? "" : `key ${key}`];
}
