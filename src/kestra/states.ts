/** The states in which an execution is still going on. */
export const liveStates = [
  "CREATED",
  "SUBMITTED",
  "RUNNING",
  "PAUSED",
  "RESTARTED",
  "KILLING",
  "QUEUED",
  "RETRYING",
  "BREAKPOINT",
] as const;

/** The states in which an execution has ended. `WARNING` is a success with warnings. */
export const terminalStates = [
  "SUCCESS",
  "WARNING",
  "FAILED",
  "KILLED",
  "CANCELLED",
  "RETRIED",
  "SKIPPED",
  "RESUBMITTED",
] as const;

/** A state in which an execution is still going on. */
export type LiveState = (typeof liveStates)[number];

/** A state in which an execution has ended. */
export type TerminalState = (typeof terminalStates)[number];

/** A state that this version of the package knows. */
export type KnownState = LiveState | TerminalState;

/** A state by its name in Kestra. One that a later Kestra adds is passed on as it is, and taken as live. */
export type ExecutionStateName = KnownState | (string & {});

const terminal: ReadonlySet<string> = new Set(terminalStates);
const known: ReadonlySet<string> = new Set([...liveStates, ...terminalStates]);

/** True when an execution in this state has ended. An unknown state has not: better to wait too long than to lie. */
export function isTerminal(state: string): state is TerminalState {
  return terminal.has(state);
}

/** True for a state that this version of the package knows. */
export function isKnownState(state: string): state is KnownState {
  return known.has(state);
}

/** True for `SUCCESS` and `WARNING`. */
export function isSuccess(state: string): state is "SUCCESS" | "WARNING" {
  return state === "SUCCESS" || state === "WARNING";
}

/** True for `KILLED` and `CANCELLED`. */
export function isKilled(state: string): state is "KILLED" | "CANCELLED" {
  return state === "KILLED" || state === "CANCELLED";
}

/** An instant of Kestra's in ms since the epoch; 0 where there is none. */
export function instantMs(date: string | undefined): number {
  return Date.parse(date ?? "") || 0;
}
