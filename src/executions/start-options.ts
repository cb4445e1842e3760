import { InputError, type InputIssue } from "../errors.ts";
import type { OnExisting } from "./claim.ts";
import { checkOptions } from "./options.ts";

export type { OnExisting } from "./claim.ts";

/** How an execution is started. */
export interface StartOptions {
  /** Aborts the call. It does not take back what has been sent: give a `key` to find it again. */
  signal?: AbortSignal | undefined;
  /**
   * The whole time in milliseconds for the start to be confirmed. The last of it, up to five seconds, is kept for looking
   * for a start whose answer was lost.
   *
   * @default the client's `requestTimeoutMs`
   */
  timeoutMs?: number | undefined;
  /**
   * The caller's own name for this piece of work (`nightly-42`). Two starts of one flow with one key are one execution,
   * from whatever process they come.
   *
   * @default none: every call starts one
   */
  key?: string | undefined;
  /**
   * What a start does when there is an execution with its key. One that a flow's own retry will carry on counts as live.
   *
   * - `join` takes one that is live or has succeeded; after one that failed or was killed, it starts a new one;
   * - `joinIfLive` takes one that is live; otherwise it starts a new one;
   * - `fail` throws a {@link ConflictError} where `join` would have joined;
   * - `new` starts a new one in any case.
   *
   * @default "join"
   */
  onExisting?: OnExisting | undefined;
  /** Labels of the execution, besides the client's. @default none */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Starts it then; until then it is `CREATED`. @default now */
  scheduleAt?: Date | undefined;
  /** Starts this revision of the flow. @default the newest */
  revision?: number | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof StartOptions>([
  "signal",
  "timeoutMs",
  "key",
  "onExisting",
  "labels",
  "scheduleAt",
  "revision",
]);

const onExistings: ReadonlySet<string> = new Set<OnExisting>(["join", "joinIfLive", "fail", "new"]);

/** The last date that is written with a year of four digits: Kestra reads no other, and would start it at once. */
const lastDate = Date.UTC(9999, 11, 31);

/** @throws InputError with all that is wrong with the options of a start. */
export function checkStartOptions(flowId: string, options: StartOptions): void {
  const subject = `Start of ${flowId}`;
  checkOptions(subject, options, optionNames);
  const issues: InputIssue[] = [];
  for (const [option, check] of Object.entries(checks)) {
    const value = options[option as keyof typeof checks];
    const message = value === undefined ? undefined : check(value);
    if (message !== undefined) issues.push({ path: [option], message });
  }
  if (issues.length > 0) throw new InputError(subject, issues);
}

const checks = {
  key: (key: unknown) =>
    typeof key === "string" && /^\S(.{0,198}\S)?$/u.test(key) && key.isWellFormed()
      ? undefined
      : "must be 1 to 200 characters on one line, without spaces around it",
  onExisting: (value: unknown) =>
    onExistings.has(String(value)) ? undefined : `must be one of ${[...onExistings].join(", ")}`,
  scheduleAt: (date: unknown) =>
    date instanceof Date && date.getTime() >= 0 && date.getTime() <= lastDate
      ? undefined
      : "must be a valid Date between the years 1970 and 9999",
  revision: (revision: unknown) =>
    Number.isInteger(revision) && (revision as number) > 0
      ? undefined
      : "must be a whole number from 1",
} satisfies Partial<Record<keyof StartOptions, (value: unknown) => string | undefined>>;
