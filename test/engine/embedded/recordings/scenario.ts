/** What happened between the recorded exchanges, and was not recorded itself. */
export interface Unrecorded {
  flowId: string;
  form?: [string, string][];
  query?: string;
  /** Another one of the flow before it, so that its concurrency limit is reached. */
  isSecond?: boolean;
}

/** Executions that an exchange speaks of, but whose start is in no file: by the exchange's name. */
export const STARTED_BEFORE: Readonly<Record<string, Unrecorded>> = {
  "execution-follow-running": { flowId: "parent", form: [["who", "Ada"]] },
  "execution-get-failed": { flowId: "broken" },
  "execution-get-paused": { flowId: "paused" },
  "execution-get-looped": { flowId: "looped" },
  "execution-get-failed-parent": { flowId: "failparent" },
  "execution-get-queued": { flowId: "queued", isSecond: true },
  "execution-get-warning": { flowId: "warned" },
  "execution-follow-retrying": { flowId: "retried" },
  "execution-file-download": { flowId: "fileout" },
  "execution-kill-parent": { flowId: "slowparent" },
  "execution-kill-scheduled": {
    flowId: "child",
    form: [["who", "never"]],
    query: "?scheduleDate=2099-01-01T00:00:00Z",
  },
  "execution-pause": { flowId: "slow" },
};

/** What has to be true of the execution before an exchange changes it. */
export const READY_WHEN: Readonly<Record<string, (execution: Execution) => boolean>> = {
  "execution-kill": isWorking,
  "execution-kill-other-dialect": isWorking,
  "execution-pause": isWorking,
  "execution-kill-parent": (execution) => execution.taskRunList?.[0]?.state.current === "RUNNING",
  "execution-kill-again": hasEnded,
  "execution-resume": (execution) => execution.state.current === "PAUSED",
  "execution-replay": hasEnded,
  "execution-labels": hasEnded,
  "execution-restart-failed": hasEnded,
  "execution-follow-finished": hasEnded,
  "executions-kill-by-ids": (execution) => execution.state.current === "PAUSED",
};

/** The recorded dates have passed: what was to start soon still has to. */
const SOON_MS = 10_000;

export function withDatesToCome(path: string): string {
  const soon = new Date(Date.now() + SOON_MS).toISOString();
  return path.replace(/scheduleDate=20[2-8][^&]*/, `scheduleDate=${soon}`);
}

export interface Execution {
  state: { current: string };
  taskRunList?: { attempts?: unknown[]; state: { current: string } }[];
}

function isWorking(execution: Execution): boolean {
  return execution.taskRunList?.[0]?.attempts !== undefined;
}

function hasEnded(execution: Execution): boolean {
  return ["SUCCESS", "WARNING", "FAILED", "KILLED"].includes(execution.state.current);
}
