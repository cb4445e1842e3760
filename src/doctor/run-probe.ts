import { isArenaError } from "../errors.ts";
import { sleep } from "../kestra/deadline.ts";
import type { KestraApi } from "../kestra/index.ts";
import { isTerminal } from "../kestra/states.ts";
import type { DoctorContext } from "./context.ts";
import { probePrefix, probeText } from "./probe-flow.ts";

/** What the probe flow saw from inside Kestra. */
export interface Probed {
  /** The state that its run ended in; another one when the time was up before. */
  state: string;
  /** Where the flows look for the arena; `undefined` when that could not be rendered. */
  arenaUrl: string | undefined;
  /** The status that the arena answered; `undefined` when it did not. */
  code: number | undefined;
  /** The arena's agents; `undefined` when the answer was no list of agents. */
  agents: readonly { id?: unknown; type?: unknown }[] | undefined;
  /** The status that the arena answered to an empty alert. */
  alertsCode: number | undefined;
  /** The first error that the run logged. */
  error: string | undefined;
}

const pollMs = 300;

/** After that long, a probe flow was left behind by a doctor that was killed. */
const abandonedMs = 3_600_000;

/** Deploys the probe, runs it, and removes it again, whatever happens. */
export async function runProbe(
  { kestra, options }: DoctorContext,
  { signal, timeoutMs }: { signal: AbortSignal | undefined; timeoutMs: number },
): Promise<Probed> {
  const { namespace } = options;
  await sweep(kestra, namespace, signal);
  const id = `${probePrefix}${Date.now().toString(36)}-${crypto.randomUUID().slice(0, 8)}`;
  const text = await probeText(id, { kestra, namespace }, signal);
  let executionId: string | undefined;
  let state = "CREATED";
  try {
    await kestra.flows.create(text, { signal });
    const labels = { "arena.doctor": "probe" };
    executionId = (await kestra.executions.create(namespace, id, { labels, signal })).id;
    state = await untilEnded(kestra, executionId, { signal, timeoutMs });
    return { state, ...(await read(kestra, executionId, state, signal)) };
  } finally {
    // Without the signal: what was put there is taken away, though the caller has gone.
    if (executionId !== undefined && !isTerminal(state)) {
      await kestra.executions.act(executionId, "kill").catch(() => {});
    }
    await kestra.flows.delete(namespace, id).catch(() => {});
  }
}

async function untilEnded(
  kestra: KestraApi,
  executionId: string,
  { signal, timeoutMs }: { signal: AbortSignal | undefined; timeoutMs: number },
): Promise<string> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const { state } = await kestra.executions.get(executionId, { signal });
    if (isTerminal(state.current) || performance.now() > end) return state.current;
    await sleep(pollMs, signal);
  }
}

async function read(
  kestra: KestraApi,
  executionId: string,
  state: string,
  signal: AbortSignal | undefined,
): Promise<Omit<Probed, "state">> {
  const lines = await kestra.logs.get(executionId, { signal });
  const where = lines.find(({ message }) => message.includes("arena_api_url="));
  const outputs = isTerminal(state) ? await readOutputs(kestra, executionId, signal) : {};
  const { agents } = outputs;
  return {
    arenaUrl: where?.message.replace(/^.*arena_api_url=/s, "").trim(),
    code: toStatus(outputs.code),
    agents: Array.isArray(agents) ? agents : undefined,
    alertsCode: toStatus(outputs.alerts_code),
    error: lines.find(({ level }) => level === "ERROR")?.message.split("\n")[0],
  };
}

/** They are written as the execution ends: none is worth a second look. */
async function readOutputs(
  kestra: KestraApi,
  executionId: string,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  for (let look = 1; ; look += 1) {
    const execution = await kestra.executions.get(executionId, { signal });
    const outputs = await kestra.executions.outputs(executionId, { signal });
    if (Object.keys(outputs).length > 0 || execution.state.current !== "SUCCESS" || look === 3) {
      return outputs;
    }
    await sleep(pollMs, signal);
  }
}

function toStatus(value: unknown): number | undefined {
  const status = Number(value ?? Number.NaN);
  return Number.isInteger(status) && status > 0 ? status : undefined;
}

/** Takes away what a doctor that was killed has left. */
async function sweep(
  kestra: KestraApi,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { results } = await kestra.flows.search(namespace, { size: 500, signal });
  for (const { id, namespace: where } of results) {
    if (where !== namespace || !id.startsWith(probePrefix)) continue;
    const madeAt = Number.parseInt(id.slice(probePrefix.length), 36);
    if (!(Date.now() - madeAt > abandonedMs)) continue;
    await kestra.flows.delete(namespace, id, { signal }).catch((error: unknown) => {
      if (!isArenaError(error)) throw error;
    });
  }
}
