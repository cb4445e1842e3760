import { Command, Option } from "commander";
import { packageVersion } from "../version.ts";
import type { Cli, GlobalOptions } from "./cli.ts";
import { commands } from "./commands/index.ts";
import { readEnvFile } from "./env-file.ts";
import { exitCodesHelp } from "./exit-codes.ts";

const environmentHelp = `Environment (read from .env in this folder, too):
  KESTRA_URL                          http://localhost:8080 without it
  KESTRA_USERNAME, KESTRA_PASSWORD    the user of open-source Kestra
  KESTRA_API_KEY                      an API token of Kestra Enterprise
  KESTRA_TENANT, KESTRA_NAMESPACE     main and ai-arena without them
  ARENA_API_URL, ARENA_API_KEY        the arena's backend, for evaluate and report; http://localhost:3001 without it
Credentials are taken from the environment alone: on a command line others could read them.`;

const examplesHelp = `Examples:
  kestra-arena doctor                              what is wrong, and what to do
  kestra-arena deploy                              create or update the flows
  kestra-arena run match-orchestration --input redAgentId=… --input blueAgentId=… --input targetAgentId=… --wait
  kestra-arena run batch-evaluation --file batch.json --key nightly-42
  kestra-arena evaluate --journal nightly.jsonl --html report.html
  kestra-arena watch 4FvG…                         follow a run from wherever it was started
  kestra-arena list --json | jq '.[].id'`;

/** The program with all its commands. */
export function buildProgram(cli: Cli): Command {
  const program = new Command("kestra-arena")
    .description("Runs the AI Red vs Blue Arena's flows on Kestra.")
    .version(packageVersion, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addOption(new Option("--url <url>", "Kestra's base URL"))
    .addOption(new Option("--tenant <tenant>", "the tenant"))
    .addOption(new Option("--namespace <namespace>", "the namespace of the flows"))
    .addOption(
      new Option("--line <line>", "Kestra's version line; asked for without it").choices([
        "1.3",
        "2",
      ]),
    )
    .option("--json", "print JSON, and nothing else, to standard output")
    .option("--env <path>", "read the environment from this file instead of .env")
    .option("--no-env", "do not read .env")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .addHelpText("after", `\n${examplesHelp}\n\n${environmentHelp}\n\n${exitCodesHelp}`)
    .showSuggestionAfterError()
    .hook("preAction", (_program, action) => {
      const globals = action.optsWithGlobals<GlobalOptions>();
      cli.configure(globals);
      readEnvFile(globals.env);
    });
  for (const command of commands) program.addCommand(command(cli));
  return program;
}
