import { InputError, type InputIssue } from "../errors.ts";
import type { ExecutionStateName } from "./states.ts";
import type { Query } from "./url.ts";

/** What a search for executions looks for. All that is given has to hold. */
export interface ExecutionFilter {
  /** In this namespace exactly. */
  namespace?: string | undefined;
  /** Of this flow. */
  flowId?: string | undefined;
  /** In one of these states. */
  states?: readonly ExecutionStateName[] | undefined;
  /** With all of these labels. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Started at this instant or later. */
  startedAfter?: Date | undefined;
  /** Started at this instant or before. */
  startedBefore?: Date | undefined;
  /** Ended at this instant or later. */
  endedAfter?: Date | undefined;
  /** Started by a task of this execution. Subflows inside a loop of 2.x are not found so: they share its labels. */
  triggerExecutionId?: string | undefined;
  /** `main` for those that nobody's task started, `child` for subflows. @default both */
  level?: "main" | "child" | undefined;
  /** `loop` for the iterations of 2.x's loops, which are executions too. @default all others */
  kind?: "loop" | undefined;
}

/** In which order a search lists: newest or oldest start, or newest end first. */
export type ExecutionOrder = "newest" | "oldest" | "newest-end";

const orders: Record<ExecutionOrder, string> = {
  newest: "state.startDate:desc",
  oldest: "state.startDate:asc",
  "newest-end": "state.endDate:desc",
};

const filterNames: ReadonlySet<string> = new Set<keyof ExecutionFilter>([
  "namespace",
  "flowId",
  "states",
  "labels",
  "startedAfter",
  "startedBefore",
  "endedAfter",
  "triggerExecutionId",
  "level",
  "kind",
]);

/**
 * The query of a search, in the one form that works on both lines. 2.x ignores flat parameters (`namespace=…`), both
 * ignore a filter without an operator, and then answer everything.
 *
 * @throws InputError for a filter that Kestra would drop or read otherwise: it would find more than was asked for.
 */
export function searchQuery(
  filter: ExecutionFilter,
  { page, size, order }: { page: number; size: number; order: ExecutionOrder },
): Query {
  checkFilter(filter);
  const labels = Object.entries(filter.labels ?? {}).map(
    ([key, value]) => [`filters[labels][EQUALS][${key}]`, value] as const,
  );
  return {
    page,
    size,
    sort: orders[order],
    "filters[namespace][EQUALS]": filter.namespace,
    "filters[flowId][EQUALS]": filter.flowId,
    "filters[state][IN]": filter.states?.join(","),
    "filters[startDate][GREATER_THAN_OR_EQUAL_TO]": filter.startedAfter?.toISOString(),
    "filters[startDate][LESS_THAN_OR_EQUAL_TO]": filter.startedBefore?.toISOString(),
    "filters[endDate][GREATER_THAN_OR_EQUAL_TO]": filter.endedAfter?.toISOString(),
    "filters[triggerExecutionId][EQUALS]": filter.triggerExecutionId,
    "filters[childFilter][EQUALS]": filter.level?.toUpperCase(),
    "filters[kind][EQUALS]": filter.kind?.toUpperCase(),
    ...Object.fromEntries(labels),
  };
}

function checkFilter(filter: ExecutionFilter): void {
  const issues: InputIssue[] = [];
  for (const key of Object.keys(filter)) {
    if (filterNames.has(key)) continue;
    const message = `is no filter; there are ${[...filterNames].join(", ")}`;
    issues.push({ path: [key], message });
  }
  for (const [key, value] of Object.entries(filter.labels ?? {})) {
    // Brackets would end the key early, and an empty value is no filter at all.
    if (/^$|[[\]]/.test(key))
      issues.push({ path: ["labels", key], message: "is not a label's key" });
    if (typeof value !== "string" || value === "") {
      issues.push({ path: ["labels", key], message: "must be a text that is not empty" });
    }
  }
  for (const key of ["startedAfter", "startedBefore", "endedAfter"] as const) {
    const date = filter[key];
    if (date === undefined || (date instanceof Date && !Number.isNaN(date.getTime()))) continue;
    issues.push({ path: [key], message: "must be a valid Date" });
  }
  for (const key of ["namespace", "flowId", "triggerExecutionId"] as const) {
    if (filter[key] === "") issues.push({ path: [key], message: "must not be empty" });
  }
  if (filter.states?.length === 0) issues.push({ path: ["states"], message: "must not be empty" });
  if (issues.length > 0) throw new InputError("Filter of executions", issues);
}
