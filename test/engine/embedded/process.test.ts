import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readlink, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, startEngine } from "../../../engine/index.ts";
import { apiOf, until } from "./api.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "process-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("startEngine", () => {
  it("ends the engine with its parent, even when that is killed", async () => {
    const logFile = join(folder, "orphan.log");
    const parent = spawn(process.execPath, [fileURLToPath(new URL("parent.ts", import.meta.url))], {
      env: { ...process.env, ENGINE_LOG: logFile },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(parent.stdout.setEncoding("utf8"), "data")) as [string];
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);

    parent.kill("SIGKILL");

    await until(
      async () => isAlive(pid),
      (alive) => !alive,
    );
  });

  it("keeps a file store over a kill -9, and takes up what was running", async () => {
    const store = { file: join(folder, "store") };
    await using first = await startEngine({ store, fastRecovery: true });
    const before = apiOf(first);
    await before.deploy(napping);
    await before.call("PUT", "/namespaces/kept/kv/key", "42", "text/plain");
    const id = await before.start("kept/napping");
    await until(
      () => before.stateOf(id),
      (state) => state === "RUNNING",
    );
    first.kill("SIGKILL");
    await until(
      async () => isAlive(first.pid),
      (alive) => !alive,
    );

    await using second = await startEngine({ store, fastRecovery: true });
    const after = apiOf(second);

    expect((await after.get("/flows/kept/napping?source=true")).body.source).toBe(napping);
    expect((await after.get("/namespaces/kept/kv/key")).body.value).toBe(42);
    await expect(
      until(
        () => after.stateOf(id),
        (state) => state !== "RUNNING",
      ),
    ).resolves.toBe("SUCCESS");
  });

  it("names the log, and shows its end, when the boot fails", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };

    const error = await startEngine({ port }).catch((reason: unknown) => reason);
    server.close();

    expect(error).toMatchObject({
      code: "boot_failed",
      message: expect.stringMatching(/did not start:.*Address already in use.*The whole log: /s),
    });
    const { logFile } = error as { logFile: string };
    expect(readFileSync(logFile, "utf8")).toContain("Address already in use");
  });

  it("ends the start when the signal aborts, and leaves no process", async () => {
    const logFile = join(folder, "aborted.log");
    const controller = new AbortController();

    const start = startEngine({
      logFile,
      signal: controller.signal,
      onProgress: (message) => {
        if (message.startsWith("Starting")) setTimeout(() => controller.abort(), 500);
      },
    });

    await expect(start).rejects.toThrow(/abort/i);
    await expect(
      until(
        () => processesWith(logFile),
        (pids) => pids.length === 0,
      ),
    ).resolves.toEqual([]);
  });

  it("refuses every call without the user, whose password is nowhere to be seen", async () => {
    const auth = { username: "someone@example.com", password: "Sup3rSecret" };
    await using engine = await startEngine({ auth });
    const search = `${engine.url}/api/v1/main/executions/search`;
    const withPassword = (password: string) =>
      fetch(search, {
        headers: { authorization: `Basic ${btoa(`${auth.username}:${password}`)}` },
      });

    await expect(fetch(search)).resolves.toMatchObject({ status: 401 });
    await expect(withPassword("wrong")).resolves.toMatchObject({ status: 401 });
    await expect(withPassword(auth.password)).resolves.toMatchObject({ status: 200 });
    const places = [engine.logFile, `/proc/${engine.pid}/cmdline`, `/proc/${engine.pid}/environ`];
    for (const place of places.filter(existsSync))
      expect(readFileSync(place, "utf8")).not.toContain(auth.password);
  });

  it("starts as a fresh server when asked to, until a user has been made", async () => {
    await using engine = await startEngine({ line: "1.3", auth: "uninitialised" });
    const setUp = (password: string) =>
      fetch(`${engine.url}/api/v1/main/basicAuth`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ username: "someone@example.com", password }),
      });
    const search = (headers: Record<string, string>) =>
      fetch(`${engine.url}/api/v1/main/flows/search`, { headers });

    await expect(search({})).resolves.toMatchObject({ status: 401 });
    await expect(setUp("short")).resolves.toMatchObject({ status: 400 });
    await expect(setUp("Passw0rd1")).resolves.toMatchObject({ status: 204 });
    const authorization = `Basic ${btoa("someone@example.com:Passw0rd1")}`;
    await expect(search({ authorization })).resolves.toMatchObject({ status: 200 });
    await expect(setUp("Passw0rd2")).resolves.toMatchObject({ status: 401 });
  });
});

describe("Engine.stop", () => {
  it("resolves when the process and its temporary files are gone", async () => {
    const present = await temporaryFolders();
    const engine: Engine = await startEngine();
    const own = (await temporaryFolders()).filter((name) => engine.logFile.includes(name));
    expect(own).toHaveLength(1);

    await engine.stop();

    expect(isAlive(engine.pid)).toBe(false);
    expect(present).not.toContain(own[0]);
    await expect(temporaryFolders()).resolves.not.toContain(own[0]);
  });
});

const napping = `id: napping
namespace: kept
tasks:
  - id: nap
    type: io.kestra.plugin.core.flow.Sleep
    duration: PT3S
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function temporaryFolders(): Promise<string[]> {
  const entries = await readdir(tmpdir(), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name.startsWith("kestra-arena-engine-"))
    .map((entry) => entry.name);
}

/** The processes that write to a file, by Linux's own account; elsewhere there is none to ask. */
async function processesWith(file: string): Promise<string[]> {
  const entries = await readdir("/proc").catch(() => []);
  const pids = entries.filter((name) => /^\d+$/.test(name));
  const outputs = pids.map((pid) => readlink(`/proc/${pid}/fd/1`).catch(() => ""));
  const written = await Promise.all(outputs);
  return pids.filter((_, index) => written[index] === file);
}
