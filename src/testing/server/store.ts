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
  /** Decides at each start how the execution goes; what it leaves out is as above. */
  readonly behave?: (start: StartedExecution) => Behaviour;
}

/** An execution at its start. */
export interface StartedExecution {
  readonly id: string;
  readonly namespace: string;
  readonly inputs: Record<string, unknown>;
  readonly labels: readonly { key: string; value: string }[];
  readonly now: number;
}

/** How an execution goes. */
export interface Behaviour {
  readonly life?: Life;
  readonly outputs?: Record<string, unknown>;
  /** Its inputs as the flow reads them. @default as they were sent */
  readonly inputs?: Record<string, unknown>;
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
  /** The execution whose task starts it. */
  readonly triggerExecutionId?: string | undefined;
}

/** All executions of the simulated server. */
export class ExecutionStore {
  readonly #executions = new Map<string, SimulatedExecution>();
  #count = 0;

  /** Creates an execution, and what a flow's own retry will create after it. */
  create(start: StartSeed): SimulatedExecution {
    const { flow, scheduleDate, now, namespace, inputs, labels } = start;
    const id = this.#nextId();
    const behaved = flow.behave?.({ id, namespace, inputs, labels, now }) ?? {};
    const usual = flow.life ?? succeedsAfter(500);
    const life = behaved.life ?? (typeof usual === "function" ? usual() : usual);
    const delayMs = scheduleDate === undefined ? 0 : Math.max(0, Date.parse(scheduleDate) - now);
    const steps = life.map(({ state, atMs }) => ({ state, atMs: atMs + delayMs }));
    const first = this.#add(id, start, steps, behaved);
    const { endsAt } = first;
    if (flow.retry !== undefined && endsAt !== undefined) {
      const again = { ...start, parent: first, now: endsAt + flow.retry.afterMs };
      this.#add(this.#nextId(), again, flow.retry.life, behaved);
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

  /** Those that a task of an execution started. */
  childrenOf(executionId: string): SimulatedExecution[] {
    return [...this.#executions.values()].filter(
      ({ seed }) => seed.triggerExecutionId === executionId,
    );
  }

  #nextId(): string {
    this.#count += 1;
    return `${"x".repeat(12)}${String(this.#count).padStart(10, "0")}`;
  }

  #add(id: string, start: StartSeed, life: Life, behaved: Behaviour): SimulatedExecution {
    const { namespace, flow, now, parent, labels, nodeSkewMs, scheduleDate } = start;
    const inputs = behaved.inputs ?? start.inputs;
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
      outputs: behaved.outputs ?? flow.outputs?.(inputs),
      parentId: parent?.id,
      originalId: parent?.seed.originalId ?? parent?.id,
      triggerExecutionId: start.triggerExecutionId,
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
