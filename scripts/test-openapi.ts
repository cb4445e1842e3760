/**
 * `npm run test:openapi`: schemathesis calls the served routes by their own OpenAPI document, with inputs that fit and
 * inputs that do not, and holds every answer against it. Kestra is the fake of `kestra-arena/testing`; Python 3 is needed.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createAdaptorServer } from "@hono/node-server";
import { KestraArenaClient } from "kestra-arena";
import { bearerToken, createArenaRoutes } from "kestra-arena/routes";
import { fakeKestra } from "kestra-arena/testing";

/** Kept by the schemathesis project; the version is fixed, as a newer one may check more. */
const requirement = "schemathesis==4.32.5";
const folder = fileURLToPath(new URL("../.cache/schemathesis/", import.meta.url));
const config = fileURLToPath(new URL("schemathesis.toml", import.meta.url));

const options = ["--max-examples", "60", "--seed", "1"];

const token = `for-schemathesis-${crypto.randomUUID()}`;

const run = promisify(execFile);

process.exitCode = await main();

async function main(): Promise<number> {
  await install();
  const kestra = fakeKestra();
  const arena = new KestraArenaClient({ url: kestra.url, fetch: kestra.fetch });
  await arena.flows.deploy();
  const routes = createArenaRoutes(arena, {
    authorize: bearerToken(token),
    maxBodyBytes: 100_000,
  });
  const server = createAdaptorServer({ fetch: routes.fetch }) as Server;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}/api/kestra`;
  const child = spawn(
    `${folder}bin/schemathesis`,
    [
      "--config-file",
      config,
      "run",
      `${base}/openapi.json`,
      "--url",
      base,
      "--header",
      `Authorization: Bearer ${token}`,
      ...options,
    ],
    { stdio: "inherit" },
  );
  const [code] = await once(child, "exit");
  server.close();
  return typeof code === "number" ? code : 1;
}

async function install(): Promise<void> {
  if (existsSync(`${folder}bin/schemathesis`)) return;
  console.log(`Installing ${requirement}`);
  await run("python3", ["-m", "venv", folder]);
  await run(`${folder}bin/pip`, ["install", "--quiet", requirement]);
}
