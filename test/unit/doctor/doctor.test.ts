import { arenaFlows } from "kestra-arena";
import { describe, expect, it } from "vitest";
import { doctorChecks } from "../../../src/doctor/findings.ts";
import { sampleOf } from "../../../src/doctor/sample.ts";
import { createFakeKestra, problem } from "../routes/fake-kestra.ts";

describe("doctor()", () => {
  it("tells of every check once, in order, whatever is wrong", async () => {
    const { arena, rules } = createFakeKestra();
    rules.push({ path: /./, answer: () => Promise.reject(new TypeError("fetch failed")) });
    const { findings, status } = await arena.doctor();
    expect(status).toBe("failed");
    expect(findings.map(({ check }) => check)).toEqual([...doctorChecks]);
  });

  it("makes a finding of a check that breaks, and goes on with the others", async () => {
    const { arena, rules } = createFakeKestra();
    rules.push({ path: /^flows\//, answer: () => problem(500, "broken with s3cret-Passw0rd") });
    const { findings } = await arena.doctor();
    const flows = findings.find(({ check }) => check === "flows");
    expect(flows).toMatchObject({ code: "check_failed", status: "failed" });
    expect(JSON.stringify(findings)).not.toContain("s3cret");
    expect(findings.find(({ check }) => check === "streams")?.status).not.toBe("skipped");
  });

  it("tells credentials that may not do this from credentials that are wrong", async () => {
    const { arena, rules } = createFakeKestra();
    rules.push({ path: /search/, answer: () => problem(403, "No") });
    const finding = (await arena.doctor()).findings.find(({ check }) => check === "credentials");
    expect(finding).toMatchObject({ code: "credentials_forbidden", status: "failed" });
  });

  it("tells a Kestra that fails from one that is not there", async () => {
    const { arena, rules } = createFakeKestra();
    rules.push({ path: /search/, answer: () => problem(500, "No") });
    expect((await arena.doctor()).findings[0]).toMatchObject({ code: "kestra_failing" });
  });

  it("gives advice with every failure and warning, and with nothing else", async () => {
    const { arena, rules } = createFakeKestra();
    const broken = await arena.doctor();
    rules.push({ path: /search/, answer: () => problem(401, "No") });
    const refused = await arena.doctor();
    for (const { status, advice } of [...broken.findings, ...refused.findings]) {
      const needsAdvice = status === "failed" || status === "warning";
      expect(advice !== undefined).toBe(needsAdvice);
    }
  });

  it("stops at once when it is aborted", async () => {
    const { arena, calls } = createFakeKestra();
    await expect(arena.doctor({ signal: AbortSignal.abort() })).rejects.toThrow("aborted");
    expect(calls).toEqual([]);
  });
});

describe("sampleOf", () => {
  it.each(Object.values(arenaFlows).map((flow) => [flow.id, flow] as const))(
    "gives an input that %s takes",
    (_id, flow) => {
      const build = flow.build as (input: unknown) => Record<string, unknown>;
      expect(() => build(sampleOf(flow.jsonSchemas().input))).not.toThrow();
    },
  );
});
