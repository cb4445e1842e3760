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
  /** Started by this execution. Subflows inside a loop are not found so: they share its labels. */
  triggerExecutionId?: string | undefined;
}

/** In which order a search lists: newest or oldest start, or newest end first. */
export type ExecutionOrder = "newest" | "oldest" | "newest-end";

const orders: Record<ExecutionOrder, string> = {
  newest: "state.startDate:desc",
  oldest: "state.startDate:asc",
  "newest-end": "state.endDate:desc",
};

/**
 * The query of a search, in the one form that works on both lines. 2.x ignores flat parameters (`namespace=…`), both
 * ignore a filter without an operator, and then answer everything.
 */
export function searchQuery(
  filter: ExecutionFilter,
  { page, size, order }: { page: number; size: number; order: ExecutionOrder },
): Query {
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
    ...Object.fromEntries(labels),
  };
}
