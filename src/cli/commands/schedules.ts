import { Command, InvalidArgumentError, Option } from "commander";
import type { MatchSchedule, MonitorSchedule } from "../../index.ts";
import type { Cli, CliCommand } from "../cli.ts";
import { examples } from "../help.ts";
import { table } from "../output.ts";

type AnySchedule = MatchSchedule | MonitorSchedule;

/** How many of the next runs are told. */
const toldRuns = 5;

/** `kestra-arena schedules` */
export const schedulesCommand: CliCommand = (cli) =>
  new Command("schedules")
    .description("list, put in place, pause, resume, run and delete schedules")
    .addHelpText(
      "after",
      examples(
        "kestra-arena schedules list",
        "kestra-arena schedules matches --cron '0 */6 * * *' --timezone Europe/Vienna",
        "kestra-arena schedules monitor 33333333-3333-4333-8333-333333333333 --every 45",
        "kestra-arena schedules pause scheduled-matches",
        "kestra-arena schedules delete monitor-33333333-3333-4333-8333-333333333333",
      ),
    )
    .addCommand(listSubcommand(cli))
    .addCommand(matchesSubcommand(cli))
    .addCommand(monitorSubcommand(cli))
    .addCommand(change(cli, "pause", "keep it from firing until it is resumed", "is paused"))
    .addCommand(change(cli, "resume", "let it fire again", "fires again"))
    .addCommand(triggerSubcommand(cli))
    .addCommand(change(cli, "delete", "end it; what runs already runs on", "is deleted"));

const listSubcommand: CliCommand = (cli) =>
  new Command("list").description("list the schedules that are in place").action(async () => {
    const client = await cli.client();
    const schedules = await client.schedules.list({ signal: cli.interrupted });
    const rows = await Promise.all(
      schedules.map(async (schedule) => {
        const { isPaused } = await schedule.status({ signal: cli.interrupted });
        return { ...describe(schedule), isPaused };
      }),
    );
    const lines = rows.map(({ id, isPaused, description, nextRuns }) => [
      id,
      isPaused ? "paused" : `next ${nextRuns[0] ?? "never"}`,
      description,
    ]);
    cli.output.result(rows, rows.length === 0 ? "No schedules." : table(lines));
  });

const matchesSubcommand: CliCommand = (cli) =>
  new Command("matches")
    .description("play matches on a schedule; the same call again changes it")
    .option("--cron <expression>", "when, in the five fields of cron")
    .option("--timezone <zone>", "the time zone of the cron expression, such as Europe/Vienna")
    .action(async ({ cron, timezone }: { cron?: string; timezone?: string }) => {
      const client = await cli.client();
      const input = { cronExpression: cron, timezone };
      show(cli, await client.scheduleMatches(input, { signal: cli.interrupted }));
    });

const monitorSubcommand: CliCommand = (cli) =>
  new Command("monitor")
    .description("check a target again and again; the same call again changes it")
    .argument("<targetAgentId>", "the target agent's id")
    .addOption(
      new Option("--every <minutes>", "minutes between two checks").argParser(parseMinutes),
    )
    .action(async (targetAgentId: string, { every }: { every?: number }) => {
      const client = await cli.client();
      const input = { targetAgentId, intervalMinutes: every };
      show(cli, await client.monitorTarget(input, { signal: cli.interrupted }));
    });

const triggerSubcommand: CliCommand = (cli) =>
  new Command("trigger")
    .description("run it once now, as if it had fired")
    .argument("<id>", "the schedule's id")
    .action(async (id: string) => {
      const client = await cli.client();
      const schedule = await client.schedules.get(id, { signal: cli.interrupted });
      const { id: executionId, flowId, url } = await schedule.trigger();
      cli.output.result(
        { executionId, flowId, url },
        `Started ${executionId} of ${flowId}\n${url}`,
      );
    });

function change(
  cli: Cli,
  verb: "pause" | "resume" | "delete",
  description: string,
  done: string,
): Command {
  return new Command(verb)
    .description(description)
    .argument("<id>", "the schedule's id")
    .action(async (id: string) => {
      const client = await cli.client();
      const schedule = await client.schedules.get(id, { signal: cli.interrupted });
      await schedule[verb]({ signal: cli.interrupted });
      cli.output.result({ id, [`${verb}d`]: true }, `${id} ${done}.`);
    });
}

function show(cli: Cli, schedule: AnySchedule): void {
  const value = describe(schedule);
  const runs = value.nextRuns.map((run) => `  ${run}`).join("\n");
  cli.output.result(value, `${value.id}: ${value.description}\nNext runs:\n${runs}`);
}

function describe(schedule: AnySchedule) {
  const { id, kind, cron, timezone, description, targetAgentId } = schedule;
  const nextRuns = schedule.nextRuns(toldRuns).map((date) => date.toISOString());
  return { id, kind, cron, timezone, description, targetAgentId, nextRuns };
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes)) return minutes;
  throw new InvalidArgumentError("Give a whole number of minutes.");
}
