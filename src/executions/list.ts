import { InputError } from "../errors.ts";
import type { KestraApi } from "../kestra/index.ts";
import type { KestraExecution } from "../kestra/schemas.ts";
import type { ExecutionFilter, ExecutionOrder } from "../kestra/search.ts";
import { checkOptions } from "./options.ts";

/** How a list is read. */
export interface ListOptions {
  /** Aborts the list. */
  signal?: AbortSignal | undefined;
  /** @default "newest" */
  order?: ExecutionOrder | undefined;
  /** How many are read with one request, 1 to 1,000. @default 100 */
  pageSize?: number | undefined;
  /** How many are given at the most. @default all */
  limit?: number | undefined;
}

const optionNames: ReadonlySet<string> = new Set<keyof ListOptions>([
  "signal",
  "order",
  "pageSize",
  "limit",
]);

/** Every execution that fits, page after page, each once, though others start meanwhile. */
export async function* listExecutions(
  kestra: KestraApi,
  filter: ExecutionFilter,
  options: ListOptions = {},
): AsyncGenerator<KestraExecution, void, undefined> {
  checkListOptions(options);
  const { signal, order = "newest", limit = Number.POSITIVE_INFINITY } = options;
  const size = Math.min(options.pageSize ?? 100, limit);
  // A new one shifts the pages, and would bring the last of one page once more as the first of the next.
  const seen = new Set<string>();
  for (let page = 1; seen.size < limit; page += 1) {
    const { results } = await kestra.executions.search(filter, { page, size, order, signal });
    for (const execution of results) {
      if (seen.has(execution.id)) continue;
      if (seen.size >= limit) return;
      seen.add(execution.id);
      yield execution;
    }
    if (results.length < size) return;
  }
}

function checkListOptions(options: ListOptions): void {
  checkOptions("List of executions", options, optionNames);
  const { pageSize = 100, limit = 0 } = options;
  if (!(Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= 1_000)) {
    const issues = [{ path: ["pageSize"], message: "must be a whole number from 1 to 1,000" }];
    throw new InputError("List of executions", issues);
  }
  if (!(limit === Number.POSITIVE_INFINITY || (Number.isInteger(limit) && limit >= 0))) {
    const issues = [{ path: ["limit"], message: "must be a whole number, 0 or more" }];
    throw new InputError("List of executions", issues);
  }
}
