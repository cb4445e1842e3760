import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { startArena } from "../../../examples/arena/index.ts";

const main = fileURLToPath(new URL("../../../examples/arena/main.ts", import.meta.url));

describe("startArena", () => {
  it("serves on a free port of loopback until it is disposed of", async () => {
    let url = "";
    {
      await using arena = await startArena();
      url = arena.url;

      expect(arena.port).toBeGreaterThan(0);
      expect(url).toBe(`http://127.0.0.1:${arena.port}`);
      expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: "ok" });
    }

    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it("says which port is taken", async () => {
    await using arena = await startArena();

    await expect(startArena({ port: arena.port })).rejects.toThrow(
      new RegExp(`cannot listen on port ${arena.port} .*another port`),
    );
  });

  it("plays a match by the real clock", async () => {
    await using arena = await startArena({ timeScale: 0.01 });
    const [red, blue, target] = ["red", "blue", "target"].map((type) =>
      arena.agents.find((agent) => agent.type === type),
    );
    const created = await fetch(`${arena.url}/api/matches`, {
      method: "POST",
      body: JSON.stringify({
        redAgentId: red?.id,
        blueAgentId: blue?.id,
        targetAgentId: target?.id,
        mode: "quick",
      }),
    });
    const { id } = (await created.json()) as { id: string };

    await expect
      .poll(
        async () =>
          ((await (await fetch(`${arena.url}/api/matches/${id}`)).json()) as { status: string })
            .status,
        { timeout: 30_000 },
      )
      .toBe("complete");
    expect(arena.planted.length).toBeGreaterThanOrEqual(8);
    expect(arena.peakLiveMatches).toBe(1);
  });

  it("cuts the connection when a fault says so", async () => {
    await using arena = await startArena({
      faults: { routes: [{ route: "GET /health", kind: "reset", first: 1 }] },
    });

    await expect(fetch(`${arena.url}/health`)).rejects.toMatchObject({
      cause: { code: "ECONNRESET" },
    });
    expect((await fetch(`${arena.url}/health`)).status).toBe(200);
  });

  it("closes although an answer is still on its way", async () => {
    const arena = await startArena({
      faults: { routes: [{ route: "GET /health", kind: "slow", delayMs: 3_600_000 }] },
    });
    const answer = fetch(`${arena.url}/health`).catch((error: unknown) => error);
    await expect.poll(() => arena.requests["GET /health"], { timeout: 30_000 }).toBe(1);

    await arena.close();

    expect(await answer).toBeInstanceOf(Error);
  });
});

describe("the arena's command line", () => {
  it("prints its address and its agents, and ends on Ctrl-C", { timeout: 60_000 }, async () => {
    const child = spawn(process.execPath, [main, "--port", "0", "--red", "1", "--one-at-a-time"]);
    const lines: string[] = [];
    const exited = once(child, "exit");
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (lines.length === 7) child.kill("SIGINT");
    }

    expect(await exited).toEqual([0, null]);
    expect(lines[0]).toMatch(/^The arena listens on http:\/\/127\.0\.0\.1:\d+$/);
    expect(lines.slice(1).map((line) => line.split(/\s+/)[0])).toEqual([
      "red",
      "blue",
      "blue",
      "blue",
      "target",
      "target",
    ]);
  });

  it("says what is wrong with its options", { timeout: 60_000 }, async () => {
    const child = spawn(process.execPath, [main, "--port", "0", "--blue", "none"]);
    let message = "";
    child.stderr.on("data", (chunk: Buffer) => {
      message += chunk.toString();
    });

    expect(await once(child, "close")).toEqual([1, null]);
    expect(message).toMatch(/The arena cannot be made like this[\s\S]*blue/);
    expect(message).not.toMatch(/\n\s+at /);
  });
});
