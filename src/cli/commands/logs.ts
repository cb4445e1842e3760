import { Command, Option } from "commander";
import type { LogEntry, LogLevel } from "../../index.ts";
import type { CliCommand } from "../cli.ts";
import { examples } from "../help.ts";
import { plain } from "../output.ts";
import { attach } from "../pick-flow.ts";

interface LogsCommandOptions {
  follow?: boolean;
  minLevel?: LogLevel;
  task?: string;
}

/** `kestra-arena logs` */
export const logsCommand: CliCommand = (cli) =>
  new Command("logs")
    .description("print a run's log; with --json a line of JSON each")
    .argument("<id>", "the execution's id")
    .option("-f, --follow", "go on until the run has ended")
    .addOption(
      new Option("--min-level <level>", "these lines and graver ones").choices([
        "TRACE",
        "DEBUG",
        "INFO",
        "WARN",
        "ERROR",
      ]),
    )
    .option("--task <id>", "of this task alone")
    .addHelpText(
      "after",
      examples("kestra-arena logs 4FvG… -f", "kestra-arena logs 4FvG… --min-level WARN --json"),
    )
    .action(async (executionId: string, options: LogsCommandOptions) => {
      const client = await cli.client();
      const execution = await attach(client, executionId, cli.interrupted);
      if (options.follow === true) {
        cli.leftRunning = `Execution ${executionId} goes on in Kestra.`;
      }
      const lines = execution.logs({
        follow: options.follow === true,
        minLevel: options.minLevel,
        taskId: options.task,
        signal: cli.interrupted,
      });
      for await (const entry of lines) {
        const message = client.kestra.redact(entry.message);
        cli.output.line({ ...entry, message }, describe({ ...entry, message }));
      }
    });

function describe({ timestamp, level, taskId, message }: LogEntry): string {
  const task = taskId === undefined ? "" : ` ${taskId}`;
  return `${timestamp.slice(0, 19).replace("T", " ")} ${level.padEnd(5)}${task}  ${plain(message)}`;
}
