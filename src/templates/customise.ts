import type { Document } from "yaml";
import { parseDocument } from "yaml";
import { InputError, type InputIssue } from "../errors.ts";
import type { FlowAddOn } from "./add-ons/add-on.ts";
import { applyAddOn } from "./add-ons/apply-add-on.ts";
import { type CronSchedule, checkCron, isIssue } from "./cron.ts";
import { setValue } from "./flow-text.ts";
import {
  applyRetries,
  applyTimeouts,
  applyVariables,
  type Customised,
  type FlowRetries,
  type FlowTimeouts,
} from "./knobs.ts";
import { isMap, readMeaning } from "./meaning.ts";
import { scheduleTriggers } from "./schedule-triggers.ts";
import { subflowCalls } from "./subflows.ts";

/** How many executions of a flow run at a time, and what becomes of one more. */
export interface FlowConcurrency {
  /** How many run at a time, from 1. */
  limit: number;
  /** What becomes of one more: it waits, is cancelled, or fails. @default "QUEUE" */
  behavior?: "QUEUE" | "CANCEL" | "FAIL" | undefined;
}

/** How a flow's template is customised. What is left out stays as the package has it. */
export interface FlowCustomisation {
  /** Values for the template's knobs, by their names in its `variables`. */
  variables?: Readonly<Record<string, unknown>> | undefined;
  /** When its Schedule trigger fires: a cron expression in UTC, or one with its time zone. */
  cron?: string | CronSchedule | undefined;
  /** How many of its executions run at a time. @default no limit */
  concurrency?: number | FlowConcurrency | undefined;
  /** How long its requests may take. */
  timeouts?: FlowTimeouts | undefined;
  /** How its requests are tried again. */
  retries?: FlowRetries | undefined;
  /** Labels of the flow, which each of its executions gets, besides the template's own. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Tasks that are appended. */
  addOns?: readonly FlowAddOn[] | undefined;
  /**
   * Changes anything else, by the `Document` of the package `yaml`. Comments and order stay; long lines may be broken
   * otherwise than before.
   */
  edit?: ((document: Document) => void) | undefined;
}

const names: ReadonlySet<string> = new Set<keyof FlowCustomisation>([
  "variables",
  "cron",
  "concurrency",
  "timeouts",
  "retries",
  "labels",
  "addOns",
  "edit",
]);

/**
 * The text of a flow, customised.
 *
 * @throws InputError with everything that the flow lacks or that does not fit.
 */
export function customise(
  text: string,
  namespace: string | undefined,
  customisation: FlowCustomisation,
): string {
  const flowId = String(readMeaning(text).id);
  const issues: InputIssue[] = unknownOptions(customisation);
  let changed = namespace === undefined ? text : setNamespace(text, namespace);
  for (const apply of steps(customisation)) {
    const step = apply(changed);
    changed = step.text;
    issues.push(...step.issues);
  }
  if (issues.length > 0) throw new InputError(`Template of ${flowId}`, issues);
  return customisation.edit === undefined ? changed : edit(flowId, changed, customisation.edit);
}

function steps(customisation: FlowCustomisation): ((text: string) => Customised)[] {
  const { variables, timeouts, retries, concurrency, cron, labels, addOns = [] } = customisation;
  const all: ((text: string) => Customised)[] = [];
  if (variables !== undefined) all.push((text) => applyVariables(text, variables));
  if (timeouts !== undefined) all.push((text) => applyTimeouts(text, timeouts));
  if (retries !== undefined) all.push((text) => applyRetries(text, retries));
  if (concurrency !== undefined) all.push((text) => applyConcurrency(text, concurrency));
  if (cron !== undefined) all.push((text) => applyCron(text, cron));
  if (labels !== undefined) all.push((text) => applyLabels(text, labels));
  for (const addOn of addOns) all.push((text) => applyAddOn(text, addOn));
  return all;
}

function unknownOptions(customisation: FlowCustomisation): InputIssue[] {
  return Object.keys(customisation)
    .filter((key) => !names.has(key))
    .map((key) => ({ path: [key], message: `is no option; there are ${[...names].join(", ")}` }));
}

/** In the flow, and in its calls of flows that are deployed with it. */
function setNamespace(text: string, namespace: string): string {
  const meaning = readMeaning(text);
  const changed = setValue(text, ["namespace"], namespace);
  if (!subflowCalls(meaning).some((call) => call.namespace === meaning.namespace)) return changed;
  const own = String(meaning.namespace).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return changed.replace(
    new RegExp(`^(\\s+namespace: +)(["']?)${own}\\2 *$`, "gm"),
    `$1${namespace}`,
  );
}

function applyConcurrency(text: string, concurrency: number | FlowConcurrency): Customised {
  const { limit, behavior = "QUEUE" } =
    typeof concurrency === "number" ? { limit: concurrency } : concurrency;
  const issues: InputIssue[] = [];
  if (!Number.isInteger(limit) || limit < 1) {
    issues.push({ path: ["concurrency"], message: "must be a whole number from 1" });
  }
  if (!["QUEUE", "CANCEL", "FAIL"].includes(behavior)) {
    issues.push({ path: ["concurrency", "behavior"], message: "must be QUEUE, CANCEL or FAIL" });
  }
  if (issues.length > 0) return { text, issues };
  return { text: setValue(text, ["concurrency"], { limit, behavior }), issues };
}

function applyCron(text: string, cron: string | CronSchedule): Customised {
  const checked = checkCron(typeof cron === "string" ? { cronExpression: cron } : cron);
  if (isIssue(checked)) return { text, issues: [{ ...checked, path: ["cron"] }] };
  const meaning = readMeaning(text);
  const [trigger] = scheduleTriggers(meaning);
  if (trigger === undefined) {
    const message = "has nothing to set: this flow has no Schedule trigger";
    return { text, issues: [{ path: ["cron"], message }] };
  }
  const index = (meaning.triggers as unknown[]).indexOf(trigger);
  const { expression, timezone, withSeconds } = checked;
  let changed = setValue(text, ["triggers", index, "cron"], expression);
  if (typeof cron !== "string" || trigger.timezone === undefined) {
    changed = setValue(changed, ["triggers", index, "timezone"], timezone);
  }
  if (withSeconds || trigger.withSeconds === true) {
    changed = setValue(changed, ["triggers", index, "withSeconds"], withSeconds);
  }
  return { text: changed, issues: [] };
}

function applyLabels(text: string, labels: Readonly<Record<string, string>>): Customised {
  const present = readMeaning(text).labels;
  const issues: InputIssue[] = [];
  let changed = text;
  for (const [key, value] of Object.entries(labels)) {
    const path = ["labels", key];
    if (!/^[^\s:]+$/.test(key) || key.startsWith("system.")) {
      issues.push({
        path,
        message: "must have a key without white space or colon that is not Kestra's own",
      });
    } else if (typeof value !== "string" || value === "") {
      issues.push({ path, message: "must be a text" });
    } else if (isMap(present) || present === undefined) {
      changed = setValue(changed, ["labels", key], value);
    }
  }
  return { text: changed, issues };
}

function edit(flowId: string, text: string, change: (document: Document) => void): string {
  const document = parseDocument(text);
  change(document);
  const [error] = document.errors;
  if (error !== undefined) {
    throw new InputError(`Template of ${flowId}`, [{ path: ["edit"], message: error.message }]);
  }
  if (document.get("id") !== flowId) {
    const message = `must leave the flow's id as it is: it is ${flowId} to those who call it`;
    throw new InputError(`Template of ${flowId}`, [{ path: ["edit"], message }]);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
