/** Not run on a machine without a Docker engine; `docker compose config` checks its files there. */
import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { FindKestraOptions, FoundKestra } from "./find-kestra.ts";

const run = promisify(execFile);

const composeFiles = ["compose.yaml", "compose.host-network.yaml"].flatMap((name) => [
  "--file",
  fileURLToPath(new URL(`../kestra/${name}`, import.meta.url)),
]);

/** Kestra's image of each line. */
const images = { "2.0": "v2.0.8", "1.3": "v1.3.31" };

/** True when a Docker engine answers, not just its client. */
export async function hasDocker(): Promise<boolean> {
  try {
    await run("docker", ["info"], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** Starts Kestra in Docker, on the host's network so that its flows reach an arena on loopback. */
export async function startInDocker(options: FindKestraOptions): Promise<FoundKestra> {
  const { line, onProgress, signal } = options;
  const port = await freePort();
  const auth = { username: "demo@example.com", password: `Demo-${crypto.randomUUID()}` };
  const project = `kestra-arena-demo-${port}`;
  const compose = ["compose", "--project-name", project, ...composeFiles];
  const env = {
    ...process.env,
    KESTRA_VERSION: images[line],
    KESTRA_PORT: String(port),
    KESTRA_USERNAME: auth.username,
    KESTRA_PASSWORD: auth.password,
  };
  onProgress(`Starting Kestra ${images[line]} in Docker`);
  const stop = async () => {
    await run("docker", [...compose, "down", "--volumes"], { env });
  };
  try {
    await run("docker", [...compose, "up", "--detach", "--wait"], { env, signal });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    origin: `Docker, Kestra ${images[line]}`,
    auth,
    [Symbol.asyncDispose]: stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
