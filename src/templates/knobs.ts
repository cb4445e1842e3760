import type { InputIssue } from "../errors.ts";
import { setValue, type YamlPath } from "./flow-text.ts";
import { type FlowMeaning, isMap, readMeaning } from "./meaning.ts";

/** How long a flow's requests may take, in milliseconds. */
export interface FlowTimeouts {
  /** Until a connection stands (`connect_timeout`). */
  connectMs?: number | undefined;
  /** Until the next byte of an answer comes (`read_timeout`). */
  readMs?: number | undefined;
}

/** How a flow's requests are tried again. */
export interface FlowRetries {
  /** How often at the most, the first time included. */
  maxAttempts?: number | undefined;
  /** How long before the second try, in milliseconds; Kestra's clock ticks once a second. */
  intervalMs?: number | undefined;
  /** How long before a later try at the most, in milliseconds. */
  maxIntervalMs?: number | undefined;
  /** By how much the interval grows each time. */
  delayFactor?: number | undefined;
}

/** The text with what was changed in it, and what could not be. */
export interface Customised {
  text: string;
  issues: InputIssue[];
}

/**
 * The knobs of a flow: those of its `variables` that are values to choose, by name. Its expressions over inputs and
 * outputs and its jq programs are no knobs; `edit` reaches them.
 */
export function knobsOf(meaning: FlowMeaning): Record<string, unknown> {
  const variables = isMap(meaning.variables) ? meaning.variables : {};
  return Object.fromEntries(
    Object.entries(variables).filter(([name, value]) => isKnob(name, value)),
  );
}

/** Sets knobs, each checked against the type of its present value. */
export function applyVariables(
  text: string,
  variables: Readonly<Record<string, unknown>>,
): Customised {
  const knobs = knobsOf(readMeaning(text));
  const issues: InputIssue[] = [];
  let changed = text;
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) continue;
    const message = Object.hasOwn(knobs, name)
      ? problemOf(name, value, knobs[name])
      : unknownKnob(knobs);
    if (message !== undefined) issues.push({ path: ["variables", name], message });
    else changed = setValue(changed, ["variables", name], value);
  }
  return { text: changed, issues };
}

/** Sets the knobs that are time-outs. */
export function applyTimeouts(text: string, timeouts: FlowTimeouts): Customised {
  const knobs = knobsOf(readMeaning(text));
  const issues: InputIssue[] = [];
  let changed = text;
  for (const [key, name] of Object.entries(timeoutKnobs)) {
    const value = timeouts[key as keyof FlowTimeouts];
    if (value === undefined) continue;
    const path = ["timeouts", key];
    if (!isPositive(value))
      issues.push({ path, message: "must be a number of milliseconds over 0" });
    else if (!Object.hasOwn(knobs, name)) issues.push({ path, message: unknownKnob(knobs) });
    else changed = setValue(changed, ["variables", name], toDuration(value));
  }
  return { text: changed, issues };
}

/** Sets the retries of all of a flow's tasks that have any. */
export function applyRetries(text: string, retries: FlowRetries): Customised {
  const blocks = retryBlocks(readMeaning(text));
  const issues: InputIssue[] = [];
  let changed = text;
  for (const [option, { key, read }] of Object.entries(retryKeys)) {
    const value = retries[option as keyof FlowRetries];
    if (value === undefined) continue;
    const path = ["retries", option];
    const wanted = read(value);
    const fitting = blocks.filter(({ retry }) => Object.hasOwn(retry, key));
    if (typeof wanted === "object") issues.push({ path, message: wanted.problem });
    else if (fitting.length === 0) issues.push({ path, message: noRetry(blocks) });
    else for (const block of fitting) changed = setValue(changed, [...block.path, key], wanted);
  }
  return { text: changed, issues };
}

/** `PT1.5S` for 1,500 milliseconds. */
function toDuration(milliseconds: number): string {
  return `PT${Number((milliseconds / 1_000).toFixed(3))}S`;
}

const timeoutKnobs = { connectMs: "connect_timeout", readMs: "read_timeout" } as const;

const retryKeys: Record<
  keyof FlowRetries,
  { key: string; read: (value: number) => string | number | { problem: string } }
> = {
  maxAttempts: {
    key: "maxAttempts",
    read: (value) =>
      Number.isInteger(value) && value > 0 ? value : { problem: "must be a whole number from 1" },
  },
  intervalMs: { key: "interval", read: readMilliseconds },
  maxIntervalMs: { key: "maxInterval", read: readMilliseconds },
  delayFactor: {
    key: "delayFactor",
    read: (value) => (value >= 1 ? value : { problem: "must be a number from 1" }),
  },
};

function readMilliseconds(value: number): string | { problem: string } {
  return isPositive(value)
    ? toDuration(value)
    : { problem: "must be a number of milliseconds over 0" };
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function isKnob(name: string, value: unknown): boolean {
  if (name.endsWith("_jq")) return false;
  return !(
    typeof value === "string" &&
    value.includes("{") &&
    /\b(vars|outputs|inputs|execution|item|taskrun|trigger)\s*[.[]/.test(value)
  );
}

function unknownKnob(knobs: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(knobs);
  return names.length === 0
    ? "is no knob of this flow, which has none"
    : `is no knob of this flow; it has ${names.join(", ")}`;
}

function noRetry(blocks: readonly RetryBlock[]): string {
  const keys = [...new Set(blocks.flatMap(({ retry }) => Object.keys(retry)))];
  return keys.length === 0
    ? "has nothing to set: no task of this flow is retried"
    : `has nothing to set: the retries of this flow have ${keys.join(", ")}`;
}

function problemOf(name: string, value: unknown, present: unknown): string | undefined {
  if (typeof present === "number") {
    const isWhole = Number.isInteger(present);
    if (typeof value !== "number" || !Number.isFinite(value)) return "must be a number";
    if (isWhole && !Number.isInteger(value)) return "must be a whole number";
    return value < 0 && present >= 0 ? "must not be negative" : undefined;
  }
  if (typeof present === "boolean") {
    return typeof value === "boolean" ? undefined : "must be true or false";
  }
  if (typeof present === "string") {
    if (typeof value !== "string") return "must be a text";
    if (isDuration(present)) {
      return isDuration(value) ? undefined : "must be an ISO duration, such as PT30S";
    }
    return isSecret(name) && value !== "" && !isExpression(value)
      ? `must not be in a flow as plain text: give an expression, such as {{ secret('${name.toUpperCase()}') }}`
      : undefined;
  }
  if (Array.isArray(present)) return Array.isArray(value) ? undefined : "must be a list";
  if (isMap(present)) return isMap(value) ? undefined : "must be a map";
  return undefined;
}

function isDuration(text: string): boolean {
  return /^P(?=\d|T\d)(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/.test(text);
}

/** True for the name of something that must not stand in a flow. */
function isSecret(name: string): boolean {
  return /(^|_)(key|token|password|secret)($|_)/i.test(name);
}

/** True for a Pebble expression. */
export function isExpression(text: string): boolean {
  return /\{\{.*\}\}/s.test(text);
}

interface RetryBlock {
  path: YamlPath;
  retry: Record<string, unknown>;
}

function retryBlocks(value: unknown, path: YamlPath = []): RetryBlock[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => retryBlocks(item, [...path, index]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === "retry" && isMap(child) && path.length > 0
      ? [{ path: [...path, key], retry: child }]
      : retryBlocks(child, [...path, key]),
  );
}
