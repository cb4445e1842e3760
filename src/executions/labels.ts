import { InputError, type InputIssue } from "../errors.ts";
import type { KestraExecution } from "../kestra/schemas.ts";

/** The labels that the client stamps on what it starts, and finds it by. */
export const arenaLabels = {
  /** One start, tried however often. */
  request: "arena.request",
  /** The caller's own key. */
  key: "arena.key",
  /** The client that started it: what its watcher searches by. */
  client: "arena.client",
} as const;

const correlationLabel = "system.correlationId";

/** The label that all share which began with one start: subflows, replays, and what carries on after a flow's retry. */
export function correlationOf({ id, labels }: KestraExecution): Record<string, string> {
  const label = labels.find(({ key }) => key === correlationLabel);
  return { [correlationLabel]: label?.value ?? id };
}

/**
 * Checks the caller's labels as Kestra would, and more: what it drops or refuses late is refused early.
 *
 * @throws InputError
 */
export function checkLabels(labels: Readonly<Record<string, string>>): void {
  const issues: InputIssue[] = [];
  const reserved: readonly string[] = Object.values(arenaLabels);
  for (const [key, value] of Object.entries(labels)) {
    const problem = problemOf(key, value, reserved);
    if (problem !== undefined) issues.push({ path: ["labels", key], message: problem });
  }
  if (issues.length > 0) throw new InputError("Labels", issues);
}

function problemOf(key: string, value: unknown, reserved: readonly string[]): string | undefined {
  if (key === "") return "a label needs a key";
  if (/[\s:]/.test(key)) return "a label's key must hold no white space and no colon";
  if (reserved.includes(key)) return "is stamped by the client itself";
  if (key.startsWith("system.") && key !== correlationLabel) return "is Kestra's own";
  if (typeof value !== "string" || value === "") return "a label's value must be a text";
  return undefined;
}
