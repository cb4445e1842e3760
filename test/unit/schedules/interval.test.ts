import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intervalTiming, nextRuns, readTiming } from "../../../src/schedules/interval.ts";
import { scheduleType } from "../../../src/templates/schedule-triggers.ts";

const read = (minutes: number, line: "2" | "1.3") => {
  const timing = readTiming({ id: "t", type: scheduleType, ...intervalTiming(minutes, line) });
  if (timing === undefined) throw new Error("not read");
  return timing;
};

describe("intervalTiming", () => {
  it.each([
    [1, "* * * * *"],
    [2, "*/2 * * * *"],
    [30, "*/30 * * * *"],
    [60, "0 * * * *"],
    [120, "0 */2 * * *"],
    [720, "0 */12 * * *"],
    [1_440, "0 0 * * *"],
  ])("says %i minutes by a cron alone", (minutes, cron) => {
    expect(intervalTiming(minutes, "2")).toEqual({ cron, timezone: "UTC" });
    expect(intervalTiming(minutes, "1.3")).toEqual({ cron, timezone: "UTC" });
  });

  it.each([7, 45, 61, 90, 300, 1_439])(
    "lets Kestra skip minutes for %i, which no cron can say",
    (minutes) => {
      const expression = `{{ ((trigger.date | timestamp) / 60) % ${minutes} == 0 }}`;
      expect(intervalTiming(minutes, "2")).toEqual({
        cron: "* * * * *",
        timezone: "UTC",
        when: expression,
      });
      expect(intervalTiming(minutes, "1.3")).toEqual({
        cron: "* * * * *",
        timezone: "UTC",
        conditions: [{ type: "io.kestra.plugin.core.condition.Expression", expression }],
      });
    },
  );

  it("keeps any interval from 1 to 1,440 minutes exactly, over hours, days and years", () => {
    const minutes = fc.integer({ min: 1, max: 1_440 });
    const after = fc.date({
      min: new Date("2024-02-28"),
      max: new Date("2031-01-01"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(minutes, after, fc.constantFrom("2", "1.3"), (every, from, line) => {
        const runs = nextRuns(read(every, line as "2"), 50, from);
        expect(runs[0]!.getTime()).toBeGreaterThan(from.getTime());
        expect(runs[0]!.getTime() - from.getTime()).toBeLessThanOrEqual(every * 60_000);
        for (const [index, run] of runs.slice(1).entries()) {
          expect(run.getTime() - runs[index]!.getTime()).toBe(every * 60_000);
        }
      }),
    );
  });

  it("agrees with the minutes at which Kestra's condition holds", () => {
    const start = Date.UTC(2026, 10, 24, 23, 50);
    for (const every of [7, 45, 61, 90, 1_439]) {
      const holds = Array.from({ length: 3_000 }, (_, minute) => start + minute * 60_000).filter(
        (time) => (time / 1_000 / 60) % every === 0,
      );
      const runs = nextRuns(read(every, "2"), holds.length, new Date(start - 1));
      expect(runs.map((run) => run.getTime())).toEqual(holds);
    }
  });
});

describe("readTiming", () => {
  it("reads a cron of the user's own, and none that Kestra would not take", () => {
    const trigger = { id: "t", type: scheduleType, cron: "30 8 * * *", timezone: "Europe/Berlin" };
    expect(readTiming(trigger)).toMatchObject({
      cron: { expression: "30 8 * * *", timezone: "Europe/Berlin" },
      everyMinutes: undefined,
    });
    expect(readTiming({ ...trigger, cron: "never" })).toBeUndefined();
  });
});
