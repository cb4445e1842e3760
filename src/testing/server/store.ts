import { SimulatedExecution } from "./execution.ts";
import { type Life, succeedsAfter } from "./life.ts";

/** A flow that the server knows. */
export interface SimulatedFlow {
  readonly id: string;
  readonly namespace?: string;
  readonly isDisabled?: boolean;
  /** How each of its executions goes. @default half a second, and success */
  readonly life?: Life | (() => Life);
  /** For a flow that is retried as a whole: what carries on, and after which interval. */
  readonly retry?: { readonly afterMs: number; readonly life: Life };
  /** Its outputs. @default none */
  readonly outputs?: (inputs: Record<string, unknown>) => Record<string, unknown>;
  /** How many task runs each of its executions has. @default 1 */
  readonly taskCount?: number;
  /** Inputs without which it is not started. */
  readonly required?: readonly string[];
}

/** A start as it was sent. */
export interface StartSeed {
  readonly namespace: string;
  readonly flow: SimulatedFlow;
  readonly inputs: Record<string, unknown>;
  readonly labels: readonly { key: string; value: string }[];
  readonly now: number;
  readonly nodeSkewMs: number;
  readonly scheduleDate?: string | undefined;
  readonly revision?: number | undefined;
  readonly parent?: SimulatedExecution | undefined;
}

/** All executions of the simulated server. */
export class ExecutionStore {
  readonly #executions = new Map<string, SimulatedExecution>();
  #count = 0;

  /** Creates an execution, and what a flow's own retry will create after it. */
  create(start: StartSeed): SimulatedExecution {
    const { flow, scheduleDate, now } = start;
    const { life = succeedsAfter(500), retry } = flow;
    const delayMs = scheduleDate === undefined ? 0 : Math.max(0, Date.parse(scheduleDate) - now);
    const steps = (typeof life === "function" ? life() : life).map(({ state, atMs }) => ({
      state,
      atMs: atMs + delayMs,
    }));
    const first = this.#add(start, steps);
    const { endsAt } = first;
    if (retry !== undefined && endsAt !== undefined) {
      this.#add({ ...start, parent: first, now: endsAt + retry.afterMs }, retry.life);
    }
    return first;
  }

  /** An execution that exists at an instant. */
  find(id: string, now: number): SimulatedExecution | undefined {
    const execution = this.#executions.get(id);
    return execution !== undefined && execution.seed.createdAt <= now ? execution : undefined;
  }

  /** All that exist at an instant, in the order in which they were created. */
  existing(now: number): SimulatedExecution[] {
    return [...this.#executions.values()].filter(({ seed }) => seed.createdAt <= now);
  }

  #add(start: StartSeed, life: Life): SimulatedExecution {
    this.#count += 1;
    const { namespace, flow, now, inputs, parent, labels, nodeSkewMs, scheduleDate } = start;
    const id = `${"x".repeat(12)}${String(this.#count).padStart(10, "0")}`;
    const has = (key: string) => labels.some((label) => label.key === key);
    const execution = new SimulatedExecution({
      id,
      namespace,
      flowId: flow.id,
      revision: start.revision ?? 1,
      createdAt: now,
      nodeSkewMs,
      life,
      inputs,
      labels: [
        ...labels,
        ...(has("system.from") ? [] : [{ key: "system.from", value: "api" }]),
        ...(has("system.correlationId") ? [] : [{ key: "system.correlationId", value: id }]),
        ...(parent === undefined ? [] : [{ key: "system.replay", value: "true" }]),
      ].filter(({ key }, index, all) => all.findIndex((other) => other.key === key) === index),
      outputs: flow.outputs?.(inputs),
      parentId: parent?.id,
      originalId: parent?.seed.originalId ?? parent?.id,
      scheduleDate,
      taskCount: flow.taskCount ?? 1,
    });
    // The first of a chain gives its correlation to those that carry on.
    if (parent !== undefined) {
      const correlation = parent.seed.labels.find(({ key }) => key === "system.correlationId");
      const own = execution.seed.labels.find(({ key }) => key === "system.correlationId");
      if (correlation !== undefined && own !== undefined) own.value = correlation.value;
    }
    this.#executions.set(id, execution);
    return execution;
  }
}
