import type { SimulatedExecution } from "./execution.ts";

/** The fields that the search knows. */
const fields = new Set([
  "q",
  "scope",
  "flowId",
  "namespace",
  "startDate",
  "endDate",
  "state",
  "labels",
  "triggerExecutionId",
  "childFilter",
  "kind",
  "timeRange",
]);

/** One page of what fits a query, and how many fit. */
export interface FoundPage {
  readonly rows: readonly SimulatedExecution[];
  readonly total: number;
}

/** What of the executions, as the index has them at an instant, fits the filters, in the order and page asked for. */
export function findPage(
  executions: readonly SimulatedExecution[],
  filters: readonly Filter[],
  query: URLSearchParams,
  now: number,
): FoundPage {
  const found = executions.filter((execution) =>
    filters.every((filter) => fits(execution, filter, now)),
  );
  const [field = "state.startDate", order = "asc"] = (query.get("sort") ?? "").split(":");
  const date = field === "state.endDate" ? "endDate" : "startDate";
  const dated = found.map((execution) => ({ execution, at: dateOf(execution, date, now) }));
  dated.sort((one, other) => (order === "desc" ? other.at - one.at : one.at - other.at));
  const size = Number(query.get("size") ?? 10);
  const first = (Number(query.get("page") ?? 1) - 1) * size;
  const rows = dated.slice(first, first + size).map(({ execution }) => execution);
  // Past the last page the total is 0, as on the real server.
  return { rows, total: rows.length === 0 ? 0 : found.length };
}

/** A filter as the query has it: `filters[labels][EQUALS][key]=value`. */
export interface Filter {
  readonly field: string;
  readonly operator: string;
  readonly key: string | undefined;
  readonly value: string;
}

/** The filters of a query. Parameters of older versions (`namespace=…`) are ignored, as by the server. */
export function readFilters(query: URLSearchParams): Filter[] {
  const filters: Filter[] = [];
  for (const [name, value] of query) {
    const match = /^filters\[([^\]]+)\]\[([^\]]+)\](?:\[(.+)\])?$/.exec(name);
    if (match === null) continue;
    const [, field = "", operator = "", key] = match;
    filters.push({ field, operator, key, value });
  }
  return filters;
}

/** Why the server refuses the filters; `undefined` when it does not. */
export function refusalOf(filters: readonly Filter[]): string | undefined {
  const unknown = filters.find(({ field }) => !fields.has(field));
  if (unknown === undefined) return undefined;
  return `Unsupported field '${unknown.field}'. Expected one of: [${[...fields].join(", ")}]`;
}

/** True when an execution, as the index has it at an instant, fits a filter. */
function fits(execution: SimulatedExecution, filter: Filter, now: number): boolean {
  const { field, operator, key, value } = filter;
  const { seed } = execution;
  switch (field) {
    case "namespace":
      return seed.namespace === value;
    case "flowId":
      return seed.flowId === value;
    case "state":
      return value.split(",").includes(execution.stateAt(now));
    case "labels":
      return seed.labels.some((label) => label.key === key && label.value === value);
    case "childFilter":
      return (value === "CHILD") === (seed.triggerExecutionId !== undefined);
    case "triggerExecutionId":
      return seed.triggerExecutionId === value;
    case "kind":
      return false;
    case "startDate":
      return compare(dateOf(execution, "startDate", now), operator, value);
    case "endDate":
      return compare(dateOf(execution, "endDate", now), operator, value);
    default:
      return true;
  }
}

/** An execution's start or end by the clock of its node; `NaN` before there is one. */
function dateOf(
  execution: SimulatedExecution,
  field: "startDate" | "endDate",
  now: number,
): number {
  const { createdAt, nodeSkewMs } = execution.seed;
  return field === "startDate" ? createdAt + nodeSkewMs : execution.endDateAt(now);
}

function compare(date: number, operator: string, value: string): boolean {
  const bound = Date.parse(value);
  return operator === "LESS_THAN_OR_EQUAL_TO" ? date <= bound : date >= bound;
}
