import { setTimeout as delay } from "node:timers/promises";
import { KestraArenaClient } from "kestra-arena";
import { describe, expect, inject, it } from "vitest";
import { stringify } from "yaml";
import type { EngineLine } from "../../../engine/index.ts";
import { intervalTiming } from "../../../src/schedules/interval.ts";
import { checkCron, isIssue } from "../../../src/templates/cron.ts";
import { findCronProblem } from "../../../src/templates/cron-fields.ts";
import { scheduleType } from "../../../src/templates/schedule-triggers.ts";

const namespace = "ai-arena.cron";
const log = { id: "log", type: "io.kestra.plugin.core.log.Log", message: "hi" };

const good = [
  ["0 */6 * * *", "UTC"],
  ["5/15 * * * *", "UTC"],
  ["0 0 * JAN,MAR *", "UTC"],
  ["30 8 * * MON-FRI", "Europe/Berlin"],
  ["0 0 * * 5-7", "UTC"],
  ["0 0 * * FRI-SUN", "UTC"],
  ["0 0 13 * FRI", "UTC"],
  ["0 0 */2 * 1", "UTC"],
  ["0-59/7 * * * *", "UTC"],
  ["59 23 28-31 * *", "Asia/Tokyo"],
  ["1-5/2,40 3 * * *", "UTC"],
  ["0 12 * * 0", "UTC"],
  ["@weekly", "UTC"],
  ["@midnight", "America/New_York"],
  ["0 0 12 * * *", "UTC"],
] as const;

const bad = [
  "61 * * * *",
  "0 24 * * *",
  "0 0 0 * *",
  "0 0 1 13 *",
  "0 0 * * 8",
  "0 0 * * SUN-TUE",
  "0 0 * * 1#2",
  "0 0 ? * *",
  "0 0 15W * *",
  "*/90 * * * *",
  "*/0 * * * *",
  "0 1,,3 * * *",
  "0 5-2 * * *",
  "* * * *",
  "@reboot",
];

describe.each<EngineLine>(["2.0", "1.3"])("cron on Kestra %s", (line) => {
  const client = new KestraArenaClient({ url: inject("engines")[line], namespace });
  const { flows, triggers } = client.kestra;

  it("fires when the SDK says that it will", async () => {
    const flow = {
      id: "crons",
      namespace,
      tasks: [log],
      triggers: good.map(([cron, timezone], index) => ({
        id: `t${index}`,
        type: scheduleType,
        cron,
        timezone,
        ...(cron.split(" ").length === 6 && { withSeconds: true }),
      })),
    };
    const before = new Date();
    await flows.create(stringify(flow));
    const listed = await until(async () => {
      const found = await triggers.list({ namespace, flowId: "crons" });
      return found.length === good.length && found.every(({ nextDate }) => nextDate)
        ? found
        : undefined;
    });
    const after = new Date();
    for (const [index, [cronExpression, timezone]] of good.entries()) {
      const checked = checkCron({ cronExpression, timezone });
      if (isIssue(checked)) throw new Error(checked.message);
      const { nextDate } = listed.find(({ triggerId }) => triggerId === `t${index}`)!;
      // Between the two the clock may have passed a run.
      const expected = [before, after].map((date) => checked.nextRuns(1, date)[0]!.toISOString());
      expect.soft(expected, cronExpression).toContain(new Date(nextDate!).toISOString());
    }
  });

  it.each(bad)("refuses %s, as the SDK does", async (cron) => {
    const flow = {
      id: "bad",
      namespace,
      tasks: [log],
      triggers: [{ id: "t", type: scheduleType, cron }],
    };
    const { constraints } = await flows.validate(stringify(flow));
    expect(constraints).toContain("invalid cron expression");
    expect(findCronProblem(cron)).toBeDefined();
  });

  it("skips all but each seventh minute for an interval of 7, over the end of hours and days", async () => {
    // Kestra's own evaluation of the condition that the trigger has, for each minute of three days.
    const start = Date.UTC(2026, 11, 30) / 1_000;
    const { when, conditions } = intervalTiming(7, line === "1.3" ? "1.3" : "2");
    const [condition] = (conditions as { expression: string }[] | undefined) ?? [];
    const holds = String(when ?? condition?.expression).replace(/^\{\{|\}\}$/g, "");
    const flow = {
      id: "seven",
      namespace,
      tasks: [
        {
          id: "evaluate",
          type: "io.kestra.plugin.core.output.OutputValues",
          values: {
            minutes: `{% for trigger in fromJson(read(inputs.dates)) %}{% if ${holds} %}{{ trigger.minute }} {% endif %}{% endfor %}`,
          },
        },
      ],
      inputs: [{ id: "dates", type: "FILE" }],
      outputs: [
        { id: "minutes", type: "STRING", value: "{{ outputs.evaluate['values'].minutes }}" },
      ],
    };
    await flows.create(stringify(flow, { lineWidth: 0 }));
    const dates = Array.from({ length: 3 * 1_440 }, (_, minute) => ({
      minute,
      date: new Date((start + minute * 60) * 1_000).toISOString(),
    }));
    const execution = await client.kestra.executions.create(namespace, "seven", {
      inputs: { dates: new Blob([JSON.stringify(dates)]) },
    });
    const ended = await until(async () => {
      const { state } = await client.kestra.executions.get(execution.id);
      return state.endDate === undefined ? undefined : state;
    });
    expect(ended.current).toBe("SUCCESS");
    const outputs = await until(async () => outputsOf(client, execution.id));
    const minutes = String(outputs.minutes).trim().split(" ").map(Number);
    expect(minutes).toHaveLength(Math.ceil((3 * 1_440 - minutes[0]!) / 7));
    for (const [index, minute] of minutes.slice(1).entries()) {
      expect(minute - minutes[index]!).toBe(7);
    }
    expect(((start + minutes[0]! * 60) / 60) % 7).toBe(0);
  });
});

async function outputsOf(
  client: KestraArenaClient,
  executionId: string,
): Promise<Record<string, unknown> | undefined> {
  const outputs = await client.kestra.executions.outputs(executionId);
  return "minutes" in outputs ? outputs : undefined;
}

async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() > deadline)
      throw new Error("It did not come to that within two minutes.");
    await delay(200);
  }
}
