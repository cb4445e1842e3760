import { rename, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { launch } from "./launch.ts";
import type { Engine, EngineLine } from "./options.ts";

/** A quiet machine takes 25 s; on a busy one the cache is not worth the wait. */
const LIMIT_MS = 120_000;
const POLL_MS = 100;

interface TrainOptions {
  line: EngineLine;
  javaHome: string;
  classpath: string;
  output: string;
  signal?: AbortSignal | undefined;
}

/**
 * Lets a JVM write down what it loaded to boot and to run a flow (an AOT cache), so that later ones
 * start in half the time. It is a convenience: where it cannot be made, there is none.
 */
export async function train({ output, signal, ...options }: TrainOptions): Promise<void> {
  const draft = `${output}.draft`;
  const limit = AbortSignal.timeout(LIMIT_MS);
  const either = AbortSignal.any(signal === undefined ? [limit] : [limit, signal]);
  try {
    const engine = await launch({
      ...options,
      signal: either,
      classCache: undefined,
      jvmFlags: [`-XX:AOTCacheOutput=${draft}`],
      training: true,
      stopLimitMs: LIMIT_MS,
    });
    await runFlow(engine, either).catch(() => {});
    await engine.stop();
    await rm(engine.logFile, { force: true });
    await rename(draft, output);
  } catch {
    signal?.throwIfAborted();
  }
}

async function runFlow(engine: Engine, signal: AbortSignal): Promise<void> {
  const api = `${engine.url}/api/v1/main`;
  const headers = { "content-type": "application/x-yaml" };
  await fetch(`${api}/flows`, { method: "POST", headers, body: flow(engine.url) });
  const form = new FormData();
  form.append("who", "somebody");
  const started = await fetch(`${api}/executions/training/flow`, { method: "POST", body: form });
  const { id } = (await started.json()) as { id: string };
  await (await fetch(`${api}/executions/${id}/follow`)).body?.cancel();
  while (!(await hasEnded(api, id))) await delay(POLL_MS, undefined, { signal });
  await (await fetch(`${api}/logs/${id}`)).text();
}

async function hasEnded(api: string, id: string): Promise<boolean> {
  const state = `filters[state][IN]=SUCCESS,FAILED&sort=state.endDate:desc`;
  const found = await fetch(`${api}/executions/search?filters[flowId][EQUALS]=flow&${state}`);
  return ((await found.json()) as { results: { id: string }[] }).results.some((it) => it.id === id);
}

const flow = (url: string) => `id: flow
namespace: training
inputs:
  - id: who
    type: STRING
tasks:
  - id: say
    type: io.kestra.plugin.core.log.Log
    message: "hello {{ inputs.who }}"
  - id: ask
    type: io.kestra.plugin.core.http.Request
    uri: "${url}/api/v1/configs"
outputs:
  - id: version
    type: STRING
    value: "{{ fromJson(outputs.ask.body).version }}"
`;
