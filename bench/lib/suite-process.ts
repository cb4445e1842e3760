import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Goal } from "./goal.ts";

/**
 * Runs one suite in a process of its own: what the suites before it have left on the heap would be collected in its time,
 * and made a thousand waits cost anything from 95 to 345 ms.
 *
 * @returns its goals; `undefined` when it broke.
 */
export async function runInOwnProcess(suite: string): Promise<Goal[] | undefined> {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const child = fork(main, ["--only", suite]);
  let goals: Goal[] | undefined;
  child.on("message", (measured: Goal[]) => {
    goals = measured;
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code === 0 ? goals : undefined;
}
