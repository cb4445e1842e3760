import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, startEngine } from "../../../engine/index.ts";
import { apiOf, until } from "./api.ts";
import { listeningSockets } from "./sockets.ts";

const isLinux = process.platform === "linux";

describe.each(["2.0", "1.3"] as const)("The embedded Kestra %s", (line) => {
  let engine: Engine;
  let api: ReturnType<typeof apiOf>;

  beforeAll(async () => {
    process.env.ENV_NOT_FOR_FLOWS = "leaked";
    engine = await startEngine({
      line,
      env: { ENV_ARENA_API_URL: "http://arena.test", SECRET_TOKEN: btoa("hidden") },
    });
    api = apiOf(engine);
  });
  afterAll(async () => {
    delete process.env.ENV_NOT_FOR_FLOWS;
    await engine?.stop();
  });

  it.runIf(isLinux)("listens on loopback alone", () => {
    const sockets = listeningSockets(engine.pid);

    expect(sockets.map((socket) => socket.port)).toContain(Number(new URL(engine.url).port));
    expect(sockets.filter((socket) => !socket.isLoopback)).toEqual([]);
  });

  it("gives the flows the environment that they were given, and no other", async () => {
    await api.deploy(`id: environment
namespace: behaviour
tasks:
  - id: values
    type: io.kestra.plugin.core.log.Log
    message: "{{ envs.arena_api_url }} {{ envs.not_for_flows ?? 'nothing' }} {{ secret('TOKEN') | length }}"
`);
    const id = await api.start("behaviour/environment");

    const logs = await until(
      () => api.get(`/logs/${id}`),
      (answer) => answer.body.length > 0,
    );

    expect(logs.body[0].message).toBe("http://arena.test nothing 6");
  });

  it("fires a schedule of seconds with its inputs, and stops when it is disabled", async () => {
    await api.deploy(`id: ticking
namespace: behaviour
inputs:
  - id: who
    type: STRING
    defaults: nobody
tasks:
  - id: say
    type: io.kestra.plugin.core.log.Log
    message: tick
triggers:
  - id: often
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "*/2 * * * * *"
    withSeconds: true
    inputs:
      who: the schedule
`);
    const fired = "/executions/search?filters[flowId][EQUALS]=ticking&size=1";
    const first = await until(
      () => api.get(fired),
      (answer) => answer.body.total > 0,
    );
    expect(first.body.results[0].inputs).toEqual({ who: "the schedule" });

    const triggers = [{ namespace: "behaviour", flowId: "ticking", triggerId: "often" }];
    const isDisabled = (trigger: Record<string, { disabled: boolean }>) =>
      (trigger.state ?? trigger.triggerContext)?.disabled === true;
    const search = "/triggers/search?filters[namespace][EQUALS]=behaviour";
    // Kestra 2.0 drops a switch that is older than the last event of the trigger, as when it fires meanwhile: tell it again.
    const disabled = await until(
      async () => {
        await api.json("POST", "/triggers/set-disabled/by-triggers", { triggers, disabled: true });
        return api.get(search);
      },
      (answer) => isDisabled(answer.body.results[0]),
    );
    expect(disabled.body.total).toBe(1);
  });

  it("kills the subflows of what it kills", async () => {
    await api.deploy(`id: sleeper
namespace: behaviour
tasks:
  - id: nap
    type: io.kestra.plugin.core.flow.Sleep
    duration: PT10M
`);
    await api.deploy(`id: caller
namespace: behaviour
tasks:
  - id: call
    type: io.kestra.plugin.core.flow.Subflow
    namespace: behaviour
    flowId: sleeper
    wait: true
`);
    const parent = await api.start("behaviour/caller");
    const children = `/executions/search?filters[triggerExecutionId][EQUALS]=${parent}`;
    const child = await until(
      () => api.get(children),
      (answer) => answer.body.results[0]?.state.current === "RUNNING",
    );

    await api.json("DELETE", "/executions/kill/by-ids", [parent]);

    const isKilled = (state: string) => state === "KILLED";
    await expect(until(() => api.stateOf(parent), isKilled)).resolves.toBe("KILLED");
    const childId = child.body.results[0].id;
    await expect(until(() => api.stateOf(childId), isKilled)).resolves.toBe("KILLED");
  });

  it("deletes by its bulk calls what they do not hold, so that nobody relies on them", async () => {
    const flow = (id: string) =>
      `id: ${id}\nnamespace: bulk\ntasks:\n  - {id: say, type: io.kestra.plugin.core.log.Log, message: x}\n`;
    await api.deploy(flow("precious"));

    await api.call("POST", "/flows/bulk?namespace=bulk", flow("other"), "application/x-yaml");

    await expect(api.get("/flows/bulk/precious")).resolves.toMatchObject({ status: 404 });
    await expect(api.get("/flows/bulk/other")).resolves.toMatchObject({ status: 200 });
  });

  it("answers a value of the key-value store until it expires", async () => {
    const key = "/namespaces/behaviour/kv/short";
    await fetch(`${engine.url}/api/v1/main${key}`, {
      method: "PUT",
      body: '{"a": 1}',
      headers: { "content-type": "text/plain", ttl: "PT3S" },
    });

    await expect(api.get(key)).resolves.toMatchObject({ status: 200, body: { value: { a: 1 } } });
    const expired = await until(
      () => api.get(key),
      (answer) => answer.status !== 200,
    );
    expect(expired.status).toBe(410);
  });

  it("finds many executions by a label, their state and their end with one search", async () => {
    await api.deploy(`id: labelled
namespace: behaviour
tasks:
  - id: say
    type: io.kestra.plugin.core.log.Log
    message: x
`);
    const starts = Array.from({ length: 5 }, () =>
      api.call("POST", "/executions/behaviour/labelled?labels=batch:one&labels=other:two"),
    );
    const ids = (await Promise.all(starts)).map((answer) => answer.body.id);

    const ended = await until(
      () =>
        api.get(
          "/executions/search?filters[labels][EQUALS][batch]=one&filters[state][IN]=SUCCESS,FAILED&sort=state.endDate:desc&size=100",
        ),
      (answer) => answer.body.total === ids.length,
    );

    const results: { id: string; state: { endDate: string } }[] = ended.body.results;
    expect(results.map((result) => result.id).sort()).toEqual(ids.sort());
    // Kestra's index holds an end to the millisecond: two within one have no order, whatever their digits.
    const ends = results.map((result) => Date.parse(result.state.endDate));
    expect(ends).toEqual(ends.toSorted((one, other) => other - one));
  });

  it("logs no failure of its own", () => {
    const log = readFileSync(engine.logFile, "utf8");

    expect(log.match(/ERROR .* arena\.engine .*/g)).toBeNull();
  });
});
