import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { clientWithFlows } from "./flows.ts";

const racer = fileURLToPath(new URL("racer.ts", import.meta.url));

interface Answer {
  key: string;
  id?: string;
  started?: "new" | "existing";
  error?: string;
}

/** A process that starts what it is told. */
function spawnRacer(url: string, namespace: string) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [racer, url, namespace]);
  const answers = new Map<string, Answer>();
  const waiting = new Map<string, (answer: Answer) => void>();
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = JSON.parse(line) as Answer;
    answers.set(answer.key, answer);
    waiting.get(answer.key)?.(answer);
  });
  return {
    start: (key: string) =>
      new Promise<Answer>((resolve, reject) => {
        waiting.set(key, resolve);
        child.once("exit", () => reject(new Error(`the racer ended: ${errors}`)));
        child.stdin.write(`${key}\n`);
      }),
    async [Symbol.asyncDispose]() {
      child.removeAllListeners("exit");
      child.stdin.end();
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

const rounds = 50;
const atATime = 5;

describe.each(["2.0", "1.3"] as const)("Two processes that race on one key, on %s", (line) => {
  it(`hold one live execution, ${rounds} times of ${rounds}`, async () => {
    const url = inject("engines")[line];
    const namespace = "arena-tests.race";
    const client = await clientWithFlows(line, url, namespace);
    await using one = spawnRacer(url, namespace);
    await using other = spawnRacer(url, namespace);
    let contested = 0;
    for (let round = 0; round < rounds; round += atATime) {
      const keys = Array.from({ length: atATime }, (_, index) => `race-${line}-${round + index}`);
      await Promise.all(
        keys.map(async (key) => {
          const [first, second] = await Promise.all([one.start(key), other.start(key)]);
          expect([first.error, second.error]).toEqual([undefined, undefined]);
          expect(first.id).toBe(second.id);
          expect(
            [first.started, second.started].filter((started) => started === "new"),
          ).toHaveLength(1);
          const { results } = await client.kestra.executions.search({
            namespace,
            labels: { "arena.key": key },
          });
          const live = results.filter(({ state }) => !/^KILL/.test(state.current));
          expect(live.map(({ id }) => id)).toEqual([first.id]);
          if (results.length > 1) contested += 1;
          await client.executions.get("match-orchestration", first.id ?? "").cancel();
        }),
      );
    }
    console.info(`${line}: ${contested} of ${rounds} races had to be settled by killing one`);
  });
});
