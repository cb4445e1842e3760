import { type FaultName, fakeKestra, faultNames } from "kestra-arena/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runVirtually, useVirtualTime } from "../../support/virtual-time.ts";
import { agents, clientOf } from "./agents.ts";

// The fake goes with whatever clock the test is on.
beforeEach(useVirtualTime);
afterEach(() => {
  vi.useRealTimers();
});

/** Faults that a client must not get past. */
const fatal: Partial<Record<FaultName, string>> = {
  unauthorized: "authentication",
  forbidden: "authentication",
};

const ofStreams = faultNames.filter((name) => /stream|frame|endEarly/i.test(name));
const bySearch: readonly FaultName[] = ["emptySearch", "killHangs", "outputsNotYet"];
const ofRequests = faultNames.filter(
  (name) => !ofStreams.includes(name) && !bySearch.includes(name),
);

/** A match takes some time, so that its stream is followed. */
function start(line: "2.0" | "1.3") {
  const kestra = fakeKestra({ line });
  kestra.flows.onMatch({ durationMs: 5_000 });
  return { kestra, client: clientOf(kestra, { requestTimeoutMs: 2_000 }) };
}

describe.each(["2.0", "1.3"] as const)("The faults of a fake Kestra %s", (line) => {
  it.each(ofRequests)(
    "%s meets one request, and the client comes to one right end",
    async (name) => {
      const { kestra, client } = start(line);
      kestra.faults.add(name);
      const run = async () => (await client.runMatch(agents)).result({ timeoutMs: 60_000 });
      const ended = await runVirtually(run()).then(
        ({ winner }) => winner,
        (error: { code: string }) => error.code,
      );
      // One that breaks before anything was done may be told to the caller; nothing is ever started twice.
      expect([fatal[name] ?? "blue", "connection", "kestra", "start_unknown"]).toContain(ended);
      if (ended === "blue") expect(kestra.executions()).toHaveLength(1);
      expect(kestra.executions().length).toBeLessThanOrEqual(1);
      expect(kestra.faults.unmet).toEqual([]);
    },
  );

  it.each(ofStreams)("%s does not keep a result away", async (name) => {
    const { kestra, client } = start(line);
    kestra.faults.add(name);
    const follow = async () => {
      const execution = await client.runMatch(agents);
      const states: string[] = [];
      for await (const { current } of execution.states()) states.push(current);
      return [states.at(-1), (await execution.result()).winner];
    };
    expect(await runVirtually(follow())).toEqual(["SUCCESS", "blue"]);
    expect(kestra.faults.unmet).toEqual([]);
  });

  it("killHangs leaves an execution in KILLING", async () => {
    const { kestra, client } = start(line);
    kestra.flows.onMatch({ durationMs: Number.POSITIVE_INFINITY });
    kestra.faults.add("killHangs");
    const execution = await runVirtually(client.runMatch(agents));
    const cancelled = await runVirtually(execution.cancel({ timeoutMs: 20_000 }));
    expect(cancelled).toEqual({ hasEnded: false, state: "KILLING" });
  });

  it("emptySearch hides a run from who lists", async () => {
    const { kestra, client } = start(line);
    await runVirtually(client.runMatch(agents));
    kestra.faults.add("emptySearch");
    const listed = async () => {
      const ids: string[] = [];
      for await (const { id } of client.executions.list({ flowId: "match-orchestration" })) {
        ids.push(id);
      }
      return ids.length;
    };
    expect(await runVirtually(listed())).toBe(0);
    expect(await runVirtually(listed())).toBe(1);
  });

  it("meet as many requests as they are told to, and only those that are meant", async () => {
    const { kestra, client } = start(line);
    kestra.faults.add("unavailable", { times: 2, when: ({ route }) => route === "get" });
    const execution = await runVirtually(client.runMatch(agents));
    expect(kestra.faults.unmet).toEqual(["unavailable"]);
    await runVirtually(execution.result());
    await runVirtually(execution.get());
    expect(kestra.executions()).toHaveLength(1);
    kestra.faults.clear();
    expect(kestra.faults.unmet).toEqual([]);
  });

  it("have names, and no others", () => {
    const { kestra } = start(line);
    expect(() => kestra.faults.add("nothing" as FaultName)).toThrow("created504");
  });
});

it("The fault outputsNotYet is looked at once more", async () => {
  const { kestra, client } = start("2.0");
  kestra.faults.add("outputsNotYet");
  const run = async () => (await client.runMatch(agents)).result();
  expect((await runVirtually(run())).winner).toBe("blue");
  expect(kestra.requests.filter(({ route }) => route === "outputs")).toHaveLength(2);
});
