import type { InputIssue } from "../../errors.ts";
import { appendItems, setValue } from "../flow-text.ts";
import type { Customised } from "../knobs.ts";
import { isExpression } from "../knobs.ts";
import { isMap, readMeaning } from "../meaning.ts";
import { everyTask } from "../subflows.ts";
import { addOnBlocks, type FlowAddOn, type FlowTask } from "./add-on.ts";

/** Appends an add-on's tasks to a flow's text. */
export function applyAddOn(text: string, addOn: FlowAddOn): Customised {
  const meaning = readMeaning(text);
  const issues = findIssues(addOn, meaning);
  if (issues.length > 0) return { text, issues };
  let changed = text;
  for (const [name, value] of Object.entries(addOn.variables ?? {})) {
    changed = setValue(changed, ["variables", name], value);
  }
  for (const block of addOnBlocks) {
    const tasks = addOn[block] ?? [];
    if (tasks.length > 0) changed = appendItems(changed, [block], withoutUndefined(tasks));
  }
  return { text: changed, issues };
}

function findIssues(addOn: FlowAddOn, meaning: ReturnType<typeof readMeaning>): InputIssue[] {
  const where = ["addOns", addOn.name];
  const flowId = String(meaning.id);
  if (addOn.flows !== undefined && !addOn.flows.includes(flowId)) {
    const message = `is for ${addOn.flows.join(", ")}, not for ${flowId}`;
    return [{ path: where, message }];
  }
  const issues: InputIssue[] = [];
  const variables = isMap(meaning.variables) ? meaning.variables : {};
  for (const name of Object.keys(addOn.variables ?? {})) {
    if (!Object.hasOwn(variables, name)) continue;
    issues.push({
      path: [...where, "variables", name],
      message: `is a variable of ${flowId} already`,
    });
  }
  const taken = new Set(everyTask(meaning).map((task) => String(task.id)));
  const added = addOnBlocks.flatMap((block) => addOn[block] ?? []);
  if (added.length === 0) issues.push({ path: where, message: "adds no task" });
  for (const task of everyTask({ tasks: added })) {
    const message = problemOf(task, taken);
    if (message !== undefined) issues.push({ path: [...where, String(task.id)], message });
    taken.add(String(task.id));
  }
  for (const task of added.filter((item) => !isTask(item))) {
    const message = "must have an id (letters, digits, dashes, underscores) and a type";
    issues.push({ path: [...where, String(task?.id)], message });
  }
  return issues;
}

function problemOf(task: Record<string, unknown>, taken: ReadonlySet<string>): string | undefined {
  if (taken.has(String(task.id))) return "is the id of another task of the flow";
  const plain = Object.keys(task).find(
    (key) => /password|token|secret|api_?key/i.test(key) && isPlainText(task[key]),
  );
  if (plain === undefined) return undefined;
  return `has its ${plain} as plain text; give an expression, such as {{ secret('NAME') }}`;
}

function isPlainText(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !isExpression(value);
}

function isTask(task: FlowTask): boolean {
  return /^[A-Za-z0-9][\w-]*$/.test(String(task?.id)) && String(task.type).includes(".");
}

/** YAML has no `undefined`. */
function withoutUndefined(tasks: readonly FlowTask[]): unknown[] {
  return JSON.parse(JSON.stringify(tasks)) as unknown[];
}
