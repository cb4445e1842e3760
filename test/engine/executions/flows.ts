import * as z from "zod";
import type { EngineLine } from "../../../engine/index.ts";
import { defineFlow, KestraArenaClient } from "../../../src/index.ts";

/** Runs a while, then greets. */
export const greet = defineFlow({
  id: "greet",
  input: () => z.strictObject({ who: z.string().min(1), forMs: z.int().min(0).optional() }),
  toInputs: ({ who, forMs = 300 }) => ({ who, wait: `PT${forMs / 1_000}S` }),
  output: () => z.object({ greeting: z.string() }),
});

const nothing = () => z.strictObject({});
const flowWithoutInputs = (id: string) =>
  defineFlow({ id, input: nothing, toInputs: () => ({}), output: () => z.object({}) });

/** Writes a log line at its beginning and one later on. */
export const talk = flowWithoutInputs("talk");
/** Fails by itself, with words in its log. */
export const fail = flowWithoutInputs("fail");
/** Fails twice as a whole, and then succeeds. */
export const stumble = flowWithoutInputs("stumble");
/** Fails once in a task, and then succeeds. */
export const waver = flowWithoutInputs("waver");
/** Fails until it is restarted. */
export const restartable = flowWithoutInputs("restartable");
/** Calls a flow in a loop, which each call a flow that sleeps. */
export const nest = flowWithoutInputs("nest");
/** Waits for somebody to go on, with a word. */
export const gate = defineFlow({
  id: "gate",
  input: nothing,
  toInputs: () => ({}),
  output: () => z.object({ word: z.string() }),
});
/** Writes a file. */
export const write = defineFlow({
  id: "write",
  input: nothing,
  toInputs: () => ({}),
  output: () => z.object({ file: z.string() }),
});

const loopTask = (line: EngineLine) => (line === "2.0" ? "Loop" : "ForEach");
const flow = "io.kestra.plugin.core.flow";
const execution = "io.kestra.plugin.core.execution";

function sources(line: EngineLine, namespace: string): string[] {
  const head = (id: string) => `id: ${id}\nnamespace: ${namespace}\n`;
  return [
    `${head("greet")}inputs:
  - {id: who, type: STRING}
  - {id: wait, type: STRING}
tasks:
  - {id: nap, type: ${flow}.Sleep, duration: "{{ inputs.wait }}"}
outputs:
  - {id: greeting, type: STRING, value: "hello {{ inputs.who }}"}
`,
    `${head("talk")}tasks:
  - {id: first, type: io.kestra.plugin.core.log.Log, message: first words}
  - {id: nap, type: ${flow}.Sleep, duration: PT3S}
  - {id: last, type: io.kestra.plugin.core.log.Log, level: WARN, message: last words}
`,
    `${head("fail")}tasks:
  - {id: boom, type: ${execution}.Fail, errorMessage: boom on purpose}
`,
    `${head("stumble")}retry: {type: constant, interval: PT1S, maxAttempts: 4, behavior: CREATE_NEW_EXECUTION}
tasks:
  - id: count
    type: io.kestra.plugin.core.kv.Set
    key: stumbles
    kvType: NUMBER
    value: "{{ (kv('stumbles', errorOnMissing=false) ?? 0) + 1 }}"
  - id: sometimes
    type: ${execution}.Fail
    condition: "{{ kv('stumbles') < 3 }}"
    errorMessage: not yet
`,
    `${head("waver")}tasks:
  - id: ask
    type: io.kestra.plugin.core.http.Request
    uri: http://127.0.0.1:9/nobody-listens
    retry: {type: constant, interval: PT1S, maxAttempts: 2}
    allowFailure: true
`,
    `${head("restartable")}tasks:
  - id: ask
    type: ${execution}.Fail
    condition: "{{ (kv('open', errorOnMissing=false) ?? false) != true }}"
    errorMessage: closed
  - {id: nap, type: ${flow}.Sleep, duration: PT1S}
`,
    `${head("nest")}tasks:
  - id: each
    type: ${flow}.${loopTask(line)}
    values: ["a", "b"]
    concurrencyLimit: 0
    tasks:
      - {id: call, type: ${flow}.Subflow, namespace: ${namespace}, flowId: middle, wait: true, transmitFailed: true}
`,
    `${head("middle")}tasks:
  - {id: call, type: ${flow}.Subflow, namespace: ${namespace}, flowId: sleeper, wait: true, transmitFailed: true}
`,
    `${head("sleeper")}tasks:
  - {id: nap, type: ${flow}.Sleep, duration: PT60S}
`,
    `${head("gate")}tasks:
  - id: hold
    type: ${flow}.Pause
    onResume:
      - {id: word, type: STRING}
outputs:
  - {id: word, type: STRING, value: "{{ outputs.hold.onResume.word }}"}
`,
    `${head("write")}tasks:
  - {id: store, type: io.kestra.plugin.core.storage.Write, content: "a line", extension: .txt}
outputs:
  - {id: file, type: STRING, value: "{{ outputs.store.uri }}"}
`,
  ];
}

/** A client whose namespace has these flows. */
export async function clientWithFlows(
  line: EngineLine,
  url: string,
  namespace: string,
): Promise<KestraArenaClient> {
  const client = new KestraArenaClient({ url, namespace, onWarning: () => {} });
  const ordered = sources(line, namespace).sort((one) => (one.startsWith("id: nest") ? 1 : 0));
  const callees = (source: string) => (source.match(/flowId/g) ?? []).length;
  ordered.sort((one, other) => callees(one) - callees(other));
  for (const source of ordered) {
    const id = /^id: (\S+)/.exec(source)?.[1] ?? "";
    const exists = (await client.kestra.flows.find(namespace, id)) !== undefined;
    if (exists) await client.kestra.flows.update(namespace, id, source);
    else await client.kestra.flows.create(source);
  }
  return client;
}
