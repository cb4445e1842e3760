import { CommanderError } from "commander";
import { messageOf } from "../errors/message-of.ts";
import { isArenaError } from "../errors.ts";
import { Cli, type CliIo } from "./cli.ts";
import { exitCodeOf, exitCodes, UsageError } from "./exit-codes.ts";
import { plain } from "./output.ts";
import { buildProgram } from "./program.ts";

/** Runs one command. @returns the exit code; see `exitCodes`. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  const interrupt = new AbortController();
  const cli = new Cli(io, interrupt.signal);
  // With --json from the first word on: the arguments themselves may be what is wrong.
  cli.output.isJson = args.includes("--json");
  const program = buildProgram(cli);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
    for (const sub of command.commands) sub.exitOverride().copyInheritedSettings(command);
  }
  const forget = io.onInterrupt(() => interrupt.abort(new Error("interrupted")));
  try {
    await program.parseAsync(args as string[], { from: "user" });
    return cli.exitCode;
  } catch (error) {
    return report(error, cli);
  } finally {
    forget();
  }
}

function report(error: unknown, cli: Cli): number {
  if (error instanceof CommanderError) {
    // Help and version end so as well; whatever there is to say was said.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (cli.interrupted.aborted) {
    const left = cli.leftRunning === undefined ? "" : ` ${cli.leftRunning}`;
    cli.output.note(`Interrupted.${left}`);
    return exitCodes.interrupted;
  }
  const code = exitCodeOf(error);
  if (cli.output.isJson) cli.output.note(JSON.stringify({ error: describe(error) }));
  else cli.output.note(explain(error, code));
  return code;
}

function describe(error: unknown): Record<string, unknown> {
  const message = messageOf(error);
  if (!isArenaError(error)) {
    return { code: error instanceof UsageError ? "usage" : "internal", message };
  }
  return {
    code: error.code,
    message,
    ...(isArenaError(error, "input") && { issues: error.issues }),
    ...("execution" in error && { execution: error.execution }),
  };
}

function explain(error: unknown, code: number): string {
  const message = messageOf(error);
  if (code !== exitCodes.internal) return plain(message);
  const stack = error instanceof Error ? error.stack : undefined;
  return `This is a fault of kestra-arena itself: ${stack ?? message}`;
}
