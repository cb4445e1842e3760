/** A change of state, so long after the execution was created. */
interface LifeStep {
  readonly state: string;
  readonly atMs: number;
}

/** All changes of an execution after CREATED, in order. One that never ends ends in a live state. */
export type Life = readonly LifeStep[];

/** Runs so long and succeeds. */
export function succeedsAfter(endMs: number, state = "SUCCESS"): Life {
  return [
    { state: "RUNNING", atMs: Math.min(10, endMs) },
    { state, atMs: endMs },
  ];
}

/** Runs until somebody kills it. */
export const neverEnds: Life = [{ state: "RUNNING", atMs: 10 }];

/** A task fails and is tried again, so often; the execution passes through FAILED each time. */
export function retriesTask(times: number, eachMs: number, state = "SUCCESS"): Life {
  const steps: LifeStep[] = [{ state: "RUNNING", atMs: 10 }];
  for (let time = 1; time <= times; time += 1) {
    const atMs = time * eachMs;
    steps.push({ state: "FAILED", atMs }, { state: "RETRYING", atMs: atMs + 50 });
    steps.push({ state: "RUNNING", atMs: atMs + eachMs / 2 });
  }
  return [...steps, { state, atMs: (times + 1) * eachMs }];
}

/** Fails, and the flow as a whole is tried again: another execution carries on, `againMs` later. */
export function retriesFlow(endMs: number): Life {
  return [
    { state: "RUNNING", atMs: 10 },
    { state: "FAILED", atMs: endMs },
    { state: "RETRIED", atMs: endMs + 5 },
  ];
}
