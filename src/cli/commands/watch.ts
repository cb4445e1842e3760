import { Command, Option } from "commander";
import type { CliCommand } from "../cli.ts";
import { followRun } from "../follow-run.ts";
import { examples } from "../help.ts";
import { parseDuration } from "../option-parsers.ts";
import { attach } from "../pick-flow.ts";

/** `kestra-arena watch` */
export const watchCommand: CliCommand = (cli) =>
  new Command("watch")
    .description("follow a run until its end, and print the result")
    .argument("<id>", "the execution's id")
    .addOption(
      new Option("--timeout <time>", "how long it is waited, such as 10m").argParser(parseDuration),
    )
    .addHelpText("after", examples("kestra-arena watch 4FvG…", "kestra-arena watch 4FvG… --json"))
    .action(async (executionId: string, { timeout }: { timeout?: number }) => {
      const execution = await attach(await cli.client(), executionId, cli.interrupted);
      await followRun(cli, execution, { timeoutMs: timeout });
    });
