import { Command, Option } from "commander";
import type { CliCommand } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { examples } from "../help.ts";
import { parseDuration } from "../option-parsers.ts";
import { attach } from "../pick-flow.ts";

/** `kestra-arena cancel` */
export const cancelCommand: CliCommand = (cli) =>
  new Command("cancel")
    .description("kill a run with all that it started, and wait until it has ended")
    .argument("<id>", "the execution's id")
    .addOption(
      new Option("--timeout <time>", "how long its end is waited for")
        .argParser(parseDuration)
        .default(30_000, "30s"),
    )
    .addHelpText("after", examples("kestra-arena cancel 4FvG…"))
    .action(async (executionId: string, { timeout }: { timeout: number }) => {
      const execution = await attach(await cli.client(), executionId, cli.interrupted);
      cli.leftRunning = `Kestra was told to kill ${executionId}, and is at it.`;
      const options = { timeoutMs: timeout, signal: cli.interrupted };
      const { hasEnded, state } = await execution.cancel(options);
      if (!hasEnded) cli.exitCode = exitCodes.unknown;
      const text = hasEnded
        ? `${executionId} has ended: ${state}.`
        : `${executionId} is still ${state}: Kestra was told, and is at it.`;
      cli.output.result({ executionId, state, hasEnded }, text);
    });
