import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkCron, isIssue } from "../../../src/templates/cron.ts";
import { findCronProblem } from "../../../src/templates/cron-fields.ts";

const runs = (cronExpression: string, timezone?: string, after = "2026-11-24T20:58:30Z") => {
  const checked = checkCron({ cronExpression, timezone });
  if (isIssue(checked)) throw new Error(checked.message);
  return checked.nextRuns(3, new Date(after)).map((date) => date.toISOString());
};

describe("checkCron", () => {
  it.each([
    "0 */6 * * *",
    "5/15 * * * *",
    "0 0 * JAN,mar *",
    "30 8 * * MON-FRI",
    "0 0 * * 5-7",
    "0 0 * * FRI-SUN",
    "0-59/7 * * * *",
    "1,2,3-4 * * * *",
    "00 06 * * *",
    "  0  0 * * * ",
    "*/5 * * * * *",
    "@daily",
    "@midnight",
  ])("takes %s, as Kestra does", (expression) => {
    expect(checkCron({ cronExpression: expression })).toMatchObject({ timezone: "UTC" });
  });

  it.each([
    ["61 * * * *", '"61" at character 1: the minute must be *, or 0 to 59'],
    ["0 24 * * *", '"24" at character 3: the hour'],
    ["0 0 0 * *", '"0" at character 5: the day of the month must be *, or 1 to 31'],
    ["0 0 1 13 *", '"13" at character 7: the month must be *, or 1 to 12 or JAN to DEC'],
    ["0 0 * * 8", '"8" at character 9: the day of the week'],
    ["0 0 * * SUN-TUE", '"SUN-TUE" at character 9: the range of the day of the week ends before'],
    ["0 0 * * 1#2", '"1#2" at character 9'],
    ["0 0 L * *", '"L" at character 5'],
    ["0 0 15W * *", '"15W" at character 5'],
    ["0 0 ? * *", '"?" at character 5'],
    ["*/90 * * * *", '"*/90" at character 1: the step of the minute must be a number from 1 to 59'],
    ["*/0 * * * *", "the step of the minute"],
    ["0 1,,3 * * *", '"1,,3" at character 5: the hour has a comma with nothing beside it'],
    ["0 5-2 * * *", '"5-2" at character 3: the range of the hour ends before it begins'],
    ["0,10,99 * * * *", '"99" at character 6'],
    ["* * * *", "has 4 fields, not 5"],
    ["* * * * * * *", "has 7 fields, not 5"],
    ["@reboot", "is none of Kestra's names (@yearly"],
    ["every day", "has 2 fields"],
    ["0 0 31 2 *", "never comes"],
    ["", "must be a text"],
  ])("refuses %s with the place and what a good one means", (expression, message) => {
    const checked = checkCron({ cronExpression: expression });
    expect(checked).toMatchObject({
      path: ["cronExpression"],
      message: expect.stringContaining(message),
    });
    expect(checked).toMatchObject({
      message: expect.stringContaining('"0 */6 * * *" is every six hours'),
    });
  });

  it.each(["Europe/Nowhere", "europe/berlin", "EST", "+02:00", ""])(
    "refuses the time zone %j, which Kestra would refuse or read otherwise",
    (timezone) => {
      expect(checkCron({ cronExpression: "@daily", timezone })).toMatchObject({
        path: ["timezone"],
      });
    },
  );

  it("knows the next runs, in the zone that was asked for", () => {
    expect(runs("0 */6 * * *")).toEqual([
      "2026-11-25T00:00:00.000Z",
      "2026-11-25T06:00:00.000Z",
      "2026-11-25T12:00:00.000Z",
    ]);
    expect(runs("30 8 * * *", "Europe/Berlin")[0]).toBe("2026-11-25T07:30:00.000Z");
    expect(runs("30 8 * * *", "Europe/Berlin", "2026-07-01T12:00:00Z")[0]).toBe(
      "2026-07-02T06:30:00.000Z",
    );
  });

  it("leaves out the time that does not exist where clocks are put forward, as Kestra does", () => {
    expect(runs("30 2 * * *", "Europe/Berlin", "2027-03-27T11:00:00Z")[0]).toBe(
      "2027-03-29T00:30:00.000Z",
    );
    expect(runs("0 1-4 * * *", "Europe/Berlin", "2027-03-27T23:20:00Z")).toEqual([
      "2027-03-28T00:00:00.000Z",
      "2027-03-28T01:00:00.000Z",
      "2027-03-28T02:00:00.000Z",
    ]);
  });

  it("fires on either day when both kinds of day are given, as Kestra does", () => {
    expect(runs("0 0 13 * FRI")).toEqual([
      "2026-11-27T00:00:00.000Z",
      "2026-12-04T00:00:00.000Z",
      "2026-12-11T00:00:00.000Z",
    ]);
  });

  it("reads 5/15 as every 15 from 5 on, seconds, and nicknames", () => {
    expect(runs("5/15 * * * *")).toEqual([
      "2026-11-24T21:05:00.000Z",
      "2026-11-24T21:20:00.000Z",
      "2026-11-24T21:35:00.000Z",
    ]);
    expect(runs("*/20 * * * * *")[0]).toBe("2026-11-24T20:58:40.000Z");
    expect(runs("@weekly")[0]).toBe("2026-11-29T00:00:00.000Z");
  });

  it("can compute every expression that it takes", () => {
    const part = (min: number, max: number) => {
      const value = fc.integer({ min, max });
      const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
      const stepped = fc.tuple(fc.oneof(fc.constant("*"), range), fc.integer({ min: 1, max }));
      const item = fc.oneof(
        fc.constant("*"),
        value.map(String),
        range,
        stepped.map(([base, step]) => `${base}/${step}`),
        fc.tuple(value, fc.integer({ min: 1, max })).map(([base, step]) => `${base}/${step}`),
      );
      return fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(","));
    };
    const expression = fc
      .tuple(part(0, 59), part(0, 23), part(1, 28), part(1, 12), part(0, 6))
      .map((parts) => parts.join(" "));
    fc.assert(
      fc.property(expression, (cronExpression) => {
        expect(findCronProblem(cronExpression)).toBeUndefined();
        const checked = checkCron({ cronExpression });
        expect(isIssue(checked)).toBe(false);
      }),
    );
  });
});
