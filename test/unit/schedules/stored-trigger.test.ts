import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withoutTrigger, withTrigger } from "../../../src/schedules/stored-trigger.ts";
import { scheduleType } from "../../../src/templates/schedule-triggers.ts";

const trigger = { id: "every", type: scheduleType, cron: "0 * * * *", timezone: "UTC" };
const flow = "# Mine.\nid: a\ntasks:\n  - id: t # here\n    type: x.Log\n";
const scheduled = `${flow}\ntriggers:\n  - id: every\n    type: ${scheduleType}\n    cron: 0 * * * *\n    timezone: UTC\n`;

describe("withTrigger", () => {
  it("adds a trigger at the end and leaves every other byte", () => {
    expect(withTrigger(flow, trigger)).toBe(scheduled);
  });

  it("replaces it by its id, and sends back the same text when nothing changes", () => {
    expect(withTrigger(scheduled, { ...trigger, disabled: undefined })).toBe(scheduled);
    const changed = withTrigger(scheduled, { ...trigger, cron: "@daily", inputs: { n: [1] } });
    expect(parse(changed).triggers).toEqual([{ ...trigger, cron: "@daily", inputs: { n: [1] } }]);
    expect(changed.startsWith(flow)).toBe(true);
  });

  it("leaves triggers of others", () => {
    const webhook = `${flow}triggers:\n  - {id: hook, type: a.Webhook, key: k}\n`;
    expect(parse(withTrigger(webhook, trigger)).triggers).toEqual([
      { id: "hook", type: "a.Webhook", key: "k" },
      trigger,
    ]);
  });
});

describe("withoutTrigger", () => {
  it("takes it out, and the block with the last one", () => {
    expect(withoutTrigger(scheduled, "every").trim()).toBe(flow.trim());
    expect(withoutTrigger(scheduled, "other")).toBe(scheduled);
    const two = withTrigger(scheduled, { ...trigger, id: "second" });
    expect(
      parse(withoutTrigger(two, "every")).triggers.map(({ id }: { id: string }) => id),
    ).toEqual(["second"]);
  });
});
