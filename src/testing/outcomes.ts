import type { TerminalState } from "../kestra/states.ts";
import type { Life } from "./server/life.ts";
import type { LogLine } from "./server/logs.ts";

/** A part of a result: what is left out is filled in with something plausible. */
export type PartOf<Result> = {
  readonly [Key in keyof Result]?: Result[Key] extends readonly unknown[]
    ? Result[Key]
    : Result[Key] extends object
      ? Partial<Result[Key]>
      : Result[Key];
};

/** How one execution goes. */
export interface FakeOutcome<Result> {
  /** What it comes to, or the part that the test is about. @default something plausible, of its inputs */
  readonly result?: PartOf<Result> | undefined;
  /**
   * The flow's outputs by their names in the YAML, sent as they are: for a flow of your own, or for an answer that the
   * package must refuse.
   */
  readonly outputs?: Readonly<Record<string, unknown>> | undefined;
  /** The state that it ends in. @default "SUCCESS" */
  readonly state?: TerminalState | undefined;
  /** How long it runs, by the fake's clock, in milliseconds. `Infinity` is until somebody kills it. @default 0 */
  readonly durationMs?: number | undefined;
  /** How often a task of it fails first and is tried again: it passes through FAILED and RETRYING. @default 0 */
  readonly retries?: number | undefined;
  /** What the failing task says, in the log as an ERROR. @default "The fake was told to fail." where it fails */
  readonly message?: string | undefined;
  /** More lines of its log. @default none */
  readonly logs?: readonly LogLine[] | undefined;
}

/** A start, as a test may look at it. */
export interface FakeStart {
  /** The execution's id. */
  readonly executionId: string;
  /** The flow. */
  readonly flowId: string;
  /** Its namespace. */
  readonly namespace: string;
  /** Its inputs, by their names in the YAML; those of a flow of your own as the text or file that was sent. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Its labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Which start of the flow it is, from 1. */
  readonly number: number;
}

/** How a flow's executions go: all alike, or each as a function of its start says. */
export type FakeBehaviour<Result> =
  | FakeOutcome<Result>
  | ((start: FakeStart) => FakeOutcome<Result>);

/** The states that an outcome passes through. */
export function lifeOf({
  state = "SUCCESS",
  durationMs = 0,
  retries = 0,
}: FakeOutcome<unknown>): Life {
  const isEndless = durationMs === Number.POSITIVE_INFINITY;
  const lastsMs = isEndless ? 1_000 : durationMs;
  const steps = [{ state: "RUNNING", atMs: 0 }];
  for (let retry = 1; retry <= retries; retry += 1) {
    const atMs = (lastsMs * retry) / (retries + 1);
    steps.push({ state: "FAILED", atMs }, { state: "RETRYING", atMs }, { state: "RUNNING", atMs });
  }
  return isEndless ? steps : [...steps, { state, atMs: lastsMs }];
}

/** The log of an outcome. */
export function logOf({ state, message, logs = [] }: FakeOutcome<unknown>): readonly LogLine[] {
  const said = message ?? (state === "FAILED" ? "The fake was told to fail." : undefined);
  return said === undefined ? logs : [...logs, { level: "ERROR", message: said }];
}
