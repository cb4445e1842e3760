import { describeExecution } from "./describe-execution.ts";
import type { ExposedFlow } from "./exposed-flows.ts";
import type { RouteServices } from "./route.ts";
import { invalidRequest, notFound } from "./route-error.ts";

/** Which executions, and which page of them. */
export interface ListQuery {
  namespace?: string | undefined;
  flowId?: string | undefined;
  limit: number;
  page: number;
}

/** Of several flows, everything up to the page is read; so deep and no deeper. */
const deepest = 10_000;

/**
 * A page of the executions of exposed flows. Kestra can look for one flow or for a whole namespace, whose other flows
 * are nobody's business, so each flow is asked for and the answers are merged.
 */
export async function listExposed(
  services: RouteServices,
  query: ListQuery,
  request: Request,
): Promise<Response> {
  const { limit, page } = query;
  const flows = selectFlows(services, query);
  const { results, total } =
    flows.length === 1 && flows[0] !== undefined
      ? await search(services, flows[0], { page, size: limit }, request.signal)
      : await searchAll(services, flows, query, request.signal);
  const headers: Record<string, string> = { "x-total-count": String(total) };
  if (page * limit < total) headers.link = `<${nextPage(request, page)}>; rel="next"`;
  const rows = results.map((execution) => describeExecution(services.arena, execution));
  return Response.json(rows, { headers });
}

function selectFlows({ flows }: RouteServices, { namespace, flowId }: ListQuery): ExposedFlow[] {
  const named = flowId === undefined ? flows.all() : [flows.look(flowId)];
  const selected = named.filter(
    (flow) => namespace === undefined || flows.namespaceOf(flow) === namespace,
  );
  if (selected.length > 0) return selected;
  throw notFound(`There is no such flow in namespace ${JSON.stringify(namespace)} here.`);
}

async function searchAll(
  services: RouteServices,
  flows: readonly ExposedFlow[],
  { limit, page }: ListQuery,
  signal: AbortSignal,
) {
  const end = page * limit;
  if (end > deepest) {
    const message = `limit × page must be at most ${deepest}; give a flowId to go deeper`;
    throw invalidRequest([{ path: ["query", "page"], message }]);
  }
  const found = await Promise.all(
    flows.map((flow) => search(services, flow, { page: 1, size: end }, signal)),
  );
  const results = found
    .flatMap((answer) => answer.results)
    .sort((first, second) => startOf(second) - startOf(first))
    .slice(end - limit, end);
  return { results, total: found.reduce((sum, answer) => sum + answer.total, 0) };
}

function search(
  { arena, flows }: RouteServices,
  flow: ExposedFlow,
  page: { page: number; size: number },
  signal: AbortSignal,
) {
  const filter = { namespace: flows.namespaceOf(flow), flowId: flow.id };
  return arena.kestra.executions.search(filter, { ...page, signal });
}

function startOf({ state }: { state: { startDate?: string | undefined } }): number {
  return Date.parse(state.startDate ?? "") || 0;
}

/** Relative, as a proxy may serve the routes under another name. */
function nextPage(request: Request, page: number): string {
  const { pathname, searchParams } = new URL(request.url);
  searchParams.set("page", String(page + 1));
  return `${pathname}?${searchParams}`;
}
