import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { createArenaRoutes } from "kestra-arena/routes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBench } from "./bench.ts";

/** The part of a trigger's answer that is looked at. */
interface Started {
  executionId: string;
  flowId: string;
  nextRuns?: string[];
}

/** The backend's calls as the arena's own guide has them, to a fresh Express app. */
describe("the calls of the arena's guide", () => {
  let bench: Awaited<ReturnType<typeof startBench>>;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    bench = await startBench("2.0");
    const routes = createArenaRoutes(bench.client, { authorize: "none" });
    const app = express();
    app.all(
      "/api/kestra/{*path}",
      getRequestListener(routes.fetch, { overrideGlobalObjects: false }),
    );
    server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server?.close();
    await bench?.stop();
  });

  const post = async (path: string, body: unknown) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Started };
  };
  const get = async <Body>(path: string) => {
    const response = await fetch(url + path);
    return { status: response.status, body: (await response.json()) as Body };
  };

  it("work as they stand there, each of them", async () => {
    const { redAgentId, blueAgentId, targetAgentId } = bench.agents;
    const match = await post("/api/kestra/trigger/match", {
      redAgentId,
      blueAgentId,
      targetAgentId,
      mode: "standard",
    });
    expect(match).toMatchObject({ status: 202, body: { flowId: "match-orchestration" } });

    const scheduled = await post("/api/kestra/trigger/scheduled", {
      cronExpression: "0 */6 * * *",
    });
    expect(scheduled).toMatchObject({ status: 202, body: { scheduleId: "scheduled-matches" } });
    expect(scheduled.body.nextRuns?.[0]).toMatch(/T(00|06|12|18):00:00/);
    expect(scheduled.body.executionId).toEqual(expect.any(String));

    const monitoring = await post("/api/kestra/trigger/monitoring", {
      targetAgentId,
      intervalMinutes: 60,
    });
    expect(monitoring.status).toBe(202);
    expect(monitoring.body.executionId).toEqual(expect.any(String));

    const dataset = await post("/api/kestra/trigger/dataset", {
      matchIds: ["match-id-1", "match-id-2"],
      minSeverity: 5.0,
    });
    expect(dataset).toMatchObject({ status: 202, body: { flowId: "dataset-generation" } });

    const tuning = await post("/api/kestra/trigger/fine-tune", {
      agentId: redAgentId,
      agentType: "red",
      trainingMatchesCount: 50,
    });
    expect(tuning).toMatchObject({ status: 202, body: { flowId: "agent-fine-tuning" } });

    const batch = await post("/api/kestra/trigger/batch-evaluation", {
      agentCombinations: [{ redAgentId, blueAgentId, targetAgentId }],
      matchesPerCombination: 3,
    });
    expect(batch).toMatchObject({ status: 202, body: { flowId: "batch-evaluation" } });

    const started = [match, scheduled, monitoring, dataset, tuning, batch];
    for (const { body } of started) {
      const shown = await get(`/api/kestra/executions/${body.executionId}`);
      expect(shown).toMatchObject({
        status: 200,
        body: { id: body.executionId, flowId: body.flowId },
      });
    }
    const listed = await get<{ id: string }[]>(
      "/api/kestra/executions?namespace=ai-arena&flowId=match-orchestration&limit=100",
    );
    expect(listed.body.map(({ id }) => id)).toContain(match.body.executionId);

    const hooked = await post("/api/kestra/webhook/match-orchestration", {
      red_agent_id: redAgentId,
      blue_agent_id: blueAgentId,
      target_agent_id: targetAgentId,
    });
    expect(hooked).toMatchObject({ status: 200, body: { success: true } });

    const schedules = await get<{ scheduleId: string }[]>("/api/kestra/schedules");
    const ids = schedules.body.map(({ scheduleId }) => scheduleId);
    expect(ids.sort()).toEqual([`monitor-${targetAgentId}`, "scheduled-matches"]);
    for (const id of ids) {
      const removed = await fetch(`${url}/api/kestra/schedules/${id}`, { method: "DELETE" });
      expect(removed.status).toBe(204);
    }
    expect((await get("/api/kestra/schedules")).body).toEqual([]);
    const again = await fetch(`${url}/api/kestra/schedules/monitor-${targetAgentId}`, {
      method: "DELETE",
    });
    expect(again.status).toBe(404);

    for (const { body } of [...started, hooked]) {
      await fetch(`${url}/api/kestra/executions/${body.executionId}/cancel`, { method: "POST" });
    }
  });
});
