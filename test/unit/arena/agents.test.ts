import { describe, expect, it } from "vitest";
import { arrangeArena } from "./support.ts";

const newAgent = { name: "Vole", type: "red", model: "phi-4", systemPrompt: "Try harder." };

describe("the sample arena's agents", () => {
  it("are three red, three blue and two targets unless told otherwise", async () => {
    const { arena } = arrangeArena();
    const larger = arrangeArena({ red: 12, blue: 24, targets: 9 });

    const count = (agents: readonly { type: string }[], type: string) =>
      agents.filter((agent) => agent.type === type).length;

    expect(["red", "blue", "target"].map((type) => count(arena.agents, type))).toEqual([3, 3, 2]);
    expect(["red", "blue", "target"].map((type) => count(larger.arena.agents, type))).toEqual([
      12, 24, 9,
    ]);
    expect(new Set(larger.arena.agents.map(({ id }) => id)).size).toBe(45);
    expect(new Set(larger.arena.agents.map(({ name }) => name)).size).toBe(45);
  });

  it("have uuids that follow from the seed", () => {
    const ids = (seed: number) => arrangeArena({ seed }).arena.agents.map(({ id }) => id);

    expect(ids(5)).toEqual(ids(5));
    expect(ids(5)).not.toEqual(ids(6));
    for (const id of ids(5)) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it("are listed, all or by type, as a bare array", async () => {
    const { get } = arrangeArena();

    expect((await get("/api/agents")).body).toHaveLength(8);
    const targets = await get("/api/agents?type=target");

    expect(targets.status).toBe(200);
    expect(targets.body.map((agent: { type: string }) => agent.type)).toEqual(["target", "target"]);
  });

  it("are created, changed with a rising version, and deleted", async () => {
    const { get, send, advance } = arrangeArena();

    const created = await send("POST", "/api/agents", { ...newAgent, metadata: { team: "a" } });
    advance(1000);
    const changed = await send("PATCH", `/api/agents/${created.body.id}`, {
      systemPrompt: "Softly.",
    });
    const deleted = await send("DELETE", `/api/agents/${created.body.id}`);
    const missing = await get(`/api/agents/${created.body.id}`);

    expect(created).toMatchObject({
      status: 201,
      body: { ...newAgent, version: 1, permissions: [], metadata: { team: "a" } },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { ...newAgent, id: created.body.id, systemPrompt: "Softly.", version: 2 },
    });
    expect(changed.body.createdAt).toBe(created.body.createdAt);
    expect(changed.body.updatedAt > created.body.updatedAt).toBe(true);
    expect(deleted).toEqual({ status: 204, body: undefined });
    expect(missing).toEqual({ status: 404, body: { error: "Agent not found" } });
  });

  it("get an id that depends on their content and not on who was created before", async () => {
    const [one, other] = [arrangeArena(), arrangeArena()];
    await one.send("POST", "/api/agents", { ...newAgent, name: "Somebody else" });

    const first = await one.send("POST", "/api/agents", newAgent);
    const same = await other.send("POST", "/api/agents", newAgent);
    const twin = await other.send("POST", "/api/agents", newAgent);

    expect(same.body.id).toBe(first.body.id);
    expect(twin.body.id).not.toBe(same.body.id);
  });

  it("answer 400 with details for a body that is wrong", async () => {
    const { arena, send, get, red } = arrangeArena();

    const wrongType = await send("POST", "/api/agents", { ...newAgent, type: "purple" });
    const wrongPatch = await send("PATCH", `/api/agents/${red.id}`, { name: "" });
    const notJson = await arena.app.request("/api/agents", { method: "POST", body: "{" });
    const wrongQuery = await get("/api/agents?type=purple");

    expect(wrongType).toMatchObject({
      status: 400,
      body: { error: "Validation error", details: [{ path: ["type"] }] },
    });
    expect(wrongPatch).toMatchObject({ status: 400, body: { details: [{ path: ["name"] }] } });
    expect(notJson.status).toBe(400);
    expect(await notJson.json()).toEqual({
      error: "Validation error",
      details: [{ path: [], message: "The body is not JSON." }],
    });
    expect(wrongQuery.status).toBe(400);
  });

  it.each(["GET", "PATCH", "DELETE"])(
    "answer 404 to %s of an agent that is not there",
    async (method) => {
      const { send } = arrangeArena();

      const answer = await send(
        method,
        "/api/agents/00000000-0000-4000-8000-000000000000",
        method === "PATCH" ? {} : undefined,
      );

      expect(answer).toEqual({ status: 404, body: { error: "Agent not found" } });
    },
  );
});

describe("an arena with a key", () => {
  it("demands it on the API and not for its health", async () => {
    const { arena, get } = arrangeArena({ apiKey: "the-key" });
    const withKey = (key: string) =>
      arena.app.request("/api/agents", { headers: { authorization: `Bearer ${key}` } });

    expect((await get("/api/agents")).status).toBe(401);
    expect((await get("/api/agents")).body.error).toMatch(/Bearer/);
    expect((await withKey("another-key")).status).toBe(401);
    expect((await withKey("the-key")).status).toBe(200);
    expect(await get("/health")).toEqual({ status: 200, body: { status: "ok" } });
  });
});
