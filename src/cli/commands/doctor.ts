import { Command, Option } from "commander";
import type { Finding } from "../../index.ts";
import type { Cli, CliCommand } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { examples } from "../help.ts";
import { collect } from "../option-parsers.ts";
import { plain } from "../output.ts";

interface DoctorCommandOptions {
  agent?: string[];
  probe: boolean;
}

/** `kestra-arena doctor` */
export const doctorCommand: CliCommand = (cli) =>
  new Command("doctor")
    .description("look at all that has to be well, and say what is wrong and what to do")
    .addOption(
      new Option("--agent <id>", "an agent that has to exist; may be given many times").argParser(
        collect,
      ),
    )
    .option(
      "--no-probe",
      "do not run a small flow to see whether the arena can be reached from Kestra",
    )
    .addHelpText(
      "after",
      examples(
        "kestra-arena doctor",
        "kestra-arena doctor --no-probe --json | jq '.findings[] | select(.status == \"failed\")'",
      ),
    )
    .action(async ({ agent, probe }: DoctorCommandOptions) => {
      const client = await cli.client({ retries: 0, onWarning: () => {} });
      const report = await client.doctor({
        signal: cli.interrupted,
        agentIds: agent,
        probe,
        onFinding: (finding) => {
          if (!cli.output.isJson) cli.output.line(finding, describe(cli, finding));
        },
      });
      if (report.status === "failed") cli.exitCode = exitCodes.no;
      cli.output.result(report, verdicts[report.status]);
    });

const verdicts = {
  ok: "All is well.",
  warning: "It works; see the warnings.",
  failed: "Something does not work; the first failure is the one to start with.",
} as const;

const marks = {
  ok: ["green", "ok     "],
  warning: ["yellow", "warning"],
  failed: ["red", "failed "],
  skipped: ["dim", "skipped"],
} as const;

function describe(cli: Cli, { status, check, code, seen, advice }: Finding): string {
  const [colour, word] = marks[status];
  const name = status === "ok" || status === "skipped" ? check : `${check} (${code})`;
  const head = `${cli.output.style(colour, word)}  ${name}: ${plain(seen)}`;
  return advice === undefined ? head : `${head}\n         ${plain(advice)}`;
}
