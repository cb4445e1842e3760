import { createServer } from "node:net";
import { type DoctorCheck, type DoctorReport, KestraArenaClient } from "kestra-arena";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Engine, type EngineLine, startEngine } from "../../../engine/index.ts";
import { type Arena, startArena } from "../../../examples/arena/index.ts";
import { startProxy } from "./proxy.ts";

const auth = { username: "doctor@example.org", password: "D0ctors-Passw0rd" };
const namespace = "ai-arena.doctor";

describe.each<EngineLine>(["2.0", "1.3"])("doctor() on Kestra %s", (line) => {
  let engine: Engine;
  let arena: Arena;
  let client: KestraArenaClient;
  const make = (options = {}) =>
    new KestraArenaClient({
      url: engine.url,
      auth,
      namespace,
      retries: 0,
      onWarning: () => {},
      ...options,
    });
  /** Where the flows look for the arena. */
  const pointTo = (url: string) => client.kestra.kv.set(namespace, "ARENA_API_URL", url);

  beforeAll(async () => {
    arena = await startArena({ timeScale: 0, alerts: true });
    engine = await startEngine({ line, auth });
    client = make();
    await client.flows.deploy();
    await pointTo(arena.url);
  });
  afterAll(async () => {
    await engine?.stop();
    await arena?.close();
  });
  afterEach(() => pointTo(arena.url));

  it("finds nothing wrong where all is well, and leaves no flow behind", async () => {
    const before = await client.kestra.flows.search(namespace);
    const told: string[] = [];
    const report = await client.doctor({ onFinding: ({ check }) => told.push(check) });
    expect(report.findings.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(report.status).toBe("ok");
    expect(report.findings.map(({ check }) => check)).toEqual([
      "kestra",
      "credentials",
      "tenant",
      "version",
      "streams",
      "flows",
      "inputs",
      "arena",
      "agents",
      "alerts",
    ]);
    expect(told).toEqual(report.findings.map(({ check }) => check));
    expect(codeOf(report, "arena").seen).toContain(arena.url);
    expect((await client.kestra.flows.search(namespace)).results).toEqual(before.results);
  });

  it("names a Kestra that is down, and skips what depends on it", async () => {
    const report = await make({ url: await unusedUrl() }).doctor();
    expect(report.status).toBe("failed");
    expect(codeOf(report, "kestra")).toMatchObject({
      code: "kestra_unreachable",
      status: "failed",
    });
    const others = report.findings.slice(1);
    expect(others).toHaveLength(9);
    for (const finding of others) {
      expect(finding).toMatchObject({ status: "skipped", code: "skipped", dependsOn: "kestra" });
    }
  });

  it("names a server that is not Kestra", async () => {
    const report = await make({ url: arena.url }).doctor();
    expect(codeOf(report, "kestra")).toMatchObject({ code: "kestra_not_there", status: "failed" });
  });

  it("names a wrong password, and never shows it", async () => {
    const password = "Wr0ng-Passw0rd";
    const report = await make({ auth: { ...auth, password } }).doctor();
    expect(codeOf(report, "kestra").status).toBe("ok");
    expect(codeOf(report, "credentials")).toMatchObject({
      code: "credentials_refused",
      status: "failed",
      advice: expect.stringContaining("KESTRA_PASSWORD"),
    });
    expect(codeOf(report, "flows")).toMatchObject({ status: "skipped", dependsOn: "credentials" });
    expect(JSON.stringify(report)).not.toContain(password);
  });

  it("names a wrong tenant", async () => {
    const report = await make({ tenant: "other" }).doctor();
    expect(codeOf(report, "credentials").status).toBe("ok");
    expect(codeOf(report, "tenant")).toMatchObject({ code: "tenant_unknown", status: "failed" });
  });

  it("names flows that are missing", async () => {
    const report = await make({ namespace: "ai-arena.empty" }).doctor({ probe: false });
    const { code, status, seen } = codeOf(report, "flows");
    expect({ code, status }).toEqual({ code: "flows_missing", status: "failed" });
    expect(seen).toContain("match-orchestration");
    expect(codeOf(report, "inputs")).toMatchObject({ status: "skipped", dependsOn: "flows" });
    expect(codeOf(report, "arena").seen).toContain("not asked for");
  });

  it("names a flow that somebody edited, and inputs that no longer agree", async () => {
    const { source = "" } = await client.kestra.flows.get(namespace, "match-orchestration");
    const harmless = source.replace("displayName: Red agent", "displayName: Attacker");
    await client.kestra.flows.update(namespace, "match-orchestration", harmless);
    const drifted = codeOf(await client.doctor({ probe: false }), "flows");
    expect(drifted).toMatchObject({ code: "flows_drifted", status: "warning" });
    expect(drifted.seen).toContain("match-orchestration");

    const broken = source.replaceAll("red_agent_id", "attacker_id");
    await client.kestra.flows.update(namespace, "match-orchestration", broken);
    const report = await client.doctor({ probe: false });
    expect(codeOf(report, "flows")).toMatchObject({ code: "flows_drifted", status: "failed" });
    expect(codeOf(report, "inputs")).toMatchObject({
      code: "inputs_disagree",
      status: "failed",
      seen: expect.stringContaining("has no input red_agent_id"),
    });
    await client.flows.deploy({ overwrite: true });
    expect(codeOf(await client.doctor({ probe: false }), "flows").status).toBe("ok");
  });

  it("names an arena that Kestra cannot reach, though it can be reached from here", async () => {
    expect((await fetch(`${arena.url}/api/agents`)).status).toBe(200);
    await pointTo(await unusedUrl());
    const report = await client.doctor();
    expect(codeOf(report, "arena")).toMatchObject({
      code: "arena_unreachable",
      status: "failed",
      advice: expect.stringContaining("ARENA_API_URL"),
    });
    expect(codeOf(report, "agents")).toMatchObject({ status: "skipped", dependsOn: "arena" });
  });

  it("names an address where something else than the arena answers", async () => {
    for (const url of [engine.url, `${arena.url}/api`]) {
      await pointTo(url);
      const finding = codeOf(await client.doctor(), "arena");
      // Kestra itself asks for credentials there.
      const code = url === engine.url ? "arena_key_refused" : "arena_wrong_url";
      expect(finding).toMatchObject({ code, status: "failed" });
      expect(finding.seen).toContain(url);
    }
  });

  it("names agents that are missing", async () => {
    const unknown = "00000000-0000-4000-8000-00000000dead";
    const report = await client.doctor({ agentIds: [unknown] });
    expect(codeOf(report, "agents")).toMatchObject({ code: "agents_missing", status: "failed" });
    expect(codeOf(report, "agents").seen).toContain(unknown);

    await using bare = await startArena({ timeScale: 0, blue: 1 });
    const blue = bare.agents.find(({ type }) => type === "blue");
    await fetch(`${bare.url}/api/agents/${blue?.id}`, { method: "DELETE" });
    await pointTo(bare.url);
    const without = await client.doctor();
    expect(codeOf(without, "agents")).toMatchObject({ code: "agents_missing", status: "failed" });
    expect(codeOf(without, "agents").seen).toContain("0 blue");
    expect(codeOf(without, "alerts")).toMatchObject({
      code: "alerts_not_taken",
      status: "warning",
    });
  });

  it("names an arena that wants a key", async () => {
    await using locked = await startArena({ timeScale: 0, apiKey: "an-arena-key" });
    await pointTo(locked.url);
    const report = await client.doctor();
    expect(codeOf(report, "arena")).toMatchObject({ code: "arena_key_refused", status: "failed" });
  });

  it("names a proxy that buffers streams", async () => {
    await using proxy = await startProxy(engine.url, { isBuffering: true });
    const report = await make({ url: proxy.url }).doctor({ probe: false });
    expect(codeOf(report, "streams")).toMatchObject({
      code: "streams_buffered",
      status: "warning",
    });
    await using plain = await startProxy(engine.url, {});
    const through = await make({ url: plain.url }).doctor({ probe: false });
    expect(codeOf(through, "streams").status).toBe("ok");
  });

  it("names a version that it was not tested with", async () => {
    await using proxy = await startProxy(engine.url, {
      rewrite: (path, text) =>
        path === "/api/v1/configs" ? text.replace(/"version":"[^"]+"/, '"version":"0.24.3"') : text,
    });
    const options = { url: proxy.url, ...(line === "2.0" && { line: "2" }) };
    const finding = codeOf(await make(options).doctor({ probe: false }), "version");
    expect(finding).toMatchObject({ code: "version_unsupported", status: "warning" });
    expect(finding.seen).toContain("0.24.3");
  });

  it("takes its flow away when it is aborted, and one that an earlier doctor left", async () => {
    const left = `arena-doctor-${(Date.now() - 7_200_000).toString(36)}-left`;
    const tasks = "tasks: [{id: a, type: io.kestra.plugin.core.log.Log, message: hi}]";
    await client.kestra.flows.create(`id: ${left}\nnamespace: ${namespace}\n${tasks}\n`);
    const controller = new AbortController();
    const seen: string[] = [];
    const doctor = client.doctor({
      signal: controller.signal,
      onFinding: ({ check }) => {
        seen.push(check);
        // The probe comes next.
        if (check === "inputs") void abortOnceDeployed(controller, left);
      },
    });
    await expect(doctor).rejects.toMatchObject({ name: "AbortError" });
    expect(seen).not.toContain("arena");
    await expect.poll(() => probes(), { timeout: 20_000 }).toEqual([]);
  });

  async function abortOnceDeployed(controller: AbortController, left: string): Promise<void> {
    await expect
      .poll(async () => (await probes()).some((id) => id !== left), {
        timeout: 20_000,
        interval: 5,
      })
      .toBe(true);
    controller.abort();
  }

  async function probes(): Promise<string[]> {
    const { results } = await client.kestra.flows.search(namespace);
    return results.map(({ id }) => id).filter((id) => id.startsWith("arena-doctor-"));
  }
});

function codeOf({ findings }: DoctorReport, check: DoctorCheck) {
  const finding = findings.find((one) => one.check === check);
  if (finding === undefined) throw new Error(`No finding of ${check}`);
  return finding;
}

/** Where nothing listens. */
async function unusedUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
