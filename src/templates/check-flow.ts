import { LineCounter, parseDocument } from "yaml";
import { messageOf } from "../errors/message-of.ts";
import { arenaFlows } from "../flows/index.ts";
import { findSchemaProblems } from "./contract.ts";
import { checkCron, isIssue } from "./cron.ts";
import { type FlowMeaning, isMap, readMeaning, textOf } from "./meaning.ts";
import { scheduleTriggers } from "./schedule-triggers.ts";
import { everyTask, isOwnNamespace, subflowCalls } from "./subflows.ts";

/** One thing wrong with a flow's text. */
export interface FlowProblem {
  /** Who says so: the package before anything is sent, or Kestra. */
  from: "package" | "kestra";
  /** What is wrong, in words. */
  message: string;
  /** The line, from 1, where it is known. */
  line?: number | undefined;
}

/** What a text is held against. */
export interface FlowCheck {
  /** The flow that it has to be. */
  flowId: string;
  /** The namespace that it has to be in. */
  namespace: string;
  /** The flows that are deployed with it, by id: calls of them are checked. */
  siblings?: ReadonlyMap<string, FlowMeaning> | undefined;
}

/** What can be told of a flow's text without Kestra. Empty when all is well. */
export function checkFlow(text: string, check: FlowCheck): FlowProblem[] {
  const lines = new LineCounter();
  const { errors } = parseDocument(text, { lineCounter: lines });
  if (errors.length > 0) {
    return errors.map(({ message, pos }) => ({
      from: "package",
      message: message.split("\n")[0] ?? message,
      line: lines.linePos(pos[0]).line,
    }));
  }
  let flow: FlowMeaning;
  try {
    flow = readMeaning(text);
  } catch (error) {
    return [{ from: "package", message: messageOf(error) }];
  }
  return [
    ...idProblems(flow, check),
    ...callProblems(flow, check.siblings ?? new Map()),
    ...cronProblems(flow),
    ...schemaProblems(flow, check.flowId),
  ].map((message) => ({ from: "package", message }));
}

function idProblems(flow: FlowMeaning, { flowId, namespace }: FlowCheck): string[] {
  const problems: string[] = [];
  if (flow.id !== flowId) problems.push(`id is ${textOf(flow.id)}, not ${flowId}`);
  if (flow.namespace !== namespace) {
    problems.push(`namespace is ${textOf(flow.namespace)}, not ${namespace}`);
  }
  const tasks = everyTask(flow).map(({ id }) => textOf(id));
  if (!Array.isArray(flow.tasks) || flow.tasks.length === 0) problems.push("has no tasks");
  return [
    ...problems,
    ...repeated(tasks).map((id) => `has two tasks with the id ${id}`),
    ...["inputs", "outputs", "triggers"].flatMap((block) =>
      repeated(idsOf(flow[block])).map((id) => `has two ${block} with the id ${id}`),
    ),
  ];
}

function callProblems(flow: FlowMeaning, siblings: ReadonlyMap<string, FlowMeaning>): string[] {
  return subflowCalls(flow).flatMap((call) => {
    const callee = isOwnNamespace(call, flow) ? siblings.get(call.flowId) : undefined;
    if (callee === undefined) return [];
    const inputs = Array.isArray(callee.inputs) ? callee.inputs.filter(isMap) : [];
    const ids = inputs.map(({ id }) => textOf(id));
    const where = `task ${call.taskId}`;
    return [
      ...Object.keys(call.inputs)
        .filter((id) => !ids.includes(id))
        .map((id) => `${where} gives ${call.flowId} an input that it has not: ${id}`),
      ...inputs
        .filter(({ required, defaults }) => required !== false && defaults === undefined)
        .filter(({ id }) => !Object.hasOwn(call.inputs, textOf(id)))
        .map(({ id }) => `${where} does not give ${call.flowId} its input ${textOf(id)}`),
    ];
  });
}

function cronProblems(flow: FlowMeaning): string[] {
  return scheduleTriggers(flow).flatMap((trigger) => {
    const timezone = typeof trigger.timezone === "string" ? trigger.timezone : undefined;
    const checked = checkCron({ cronExpression: trigger.cron, timezone });
    return isIssue(checked) ? [`trigger ${textOf(trigger.id)}: ${checked.message}`] : [];
  });
}

function schemaProblems(flow: FlowMeaning, flowId: string): string[] {
  const definitions: Readonly<Record<string, (typeof arenaFlows)[keyof typeof arenaFlows]>> =
    arenaFlows;
  const definition = definitions[flowId];
  return definition === undefined ? [] : findSchemaProblems(definition, flow);
}

function idsOf(items: unknown): string[] {
  return Array.isArray(items) ? items.filter(isMap).map(({ id }) => textOf(id)) : [];
}

function repeated(ids: readonly string[]): string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}
