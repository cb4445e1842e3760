import { InputError, type InputIssue } from "../errors.ts";
import { type TemplateId, templateIds } from "../flows/index.ts";
import type { KestraLine } from "../kestra/dialect.ts";
import type { FlowCustomisation } from "./customise.ts";
import { type FlowRetries, type FlowTimeouts, knobsOf } from "./knobs.ts";
import { loadFlow } from "./load-flow.ts";
import { type FlowMeaning, isMap, readMeaning } from "./meaning.ts";
import { inCallOrder, isOwnNamespace, subflowCalls } from "./subflows.ts";

/** Which of the package's flows, and how they are customised. */
export interface FlowSetOptions {
  /** Only these flows, and those that they call. @default all */
  only?: readonly TemplateId[] | undefined;
  /** Values for knobs, in every flow that has them; a knob that none has is refused. */
  variables?: Readonly<Record<string, unknown>> | undefined;
  /** How long requests may take, in every flow that has the knob. */
  timeouts?: FlowTimeouts | undefined;
  /** How requests are tried again, in every flow. */
  retries?: FlowRetries | undefined;
  /** Labels of every flow, which each execution gets. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** How single flows are customised, by their ids; stands above what is said for all. */
  flows?: Readonly<Partial<Record<TemplateId, FlowCustomisation>>> | undefined;
}

/** One flow of the set. */
export interface LoadedFlow {
  /** Its id. */
  flowId: TemplateId;
  /** Its text. */
  text: string;
  /** What the text means. */
  meaning: FlowMeaning;
  /** What the package's own text means, without any customisation. */
  own: FlowMeaning;
}

/**
 * The texts of the package's flows, customised, callees before their callers.
 *
 * @throws InputError for an unknown flow or knob.
 */
export async function loadFlowSet(
  { only, flows = {}, ...common }: FlowSetOptions,
  target: { line: KestraLine; namespace: string },
): Promise<LoadedFlow[]> {
  const templates = new Map(
    await Promise.all(
      templateIds.map(async (flowId) => {
        const own = readMeaning(await loadFlow(flowId, target));
        return [flowId, own] as const;
      }),
    ),
  );
  checkOptions(only ?? [], flows, common, templates);
  const flowIds = inCallOrder(templateIds, (flowId) => calleesOf(templates, flowId)).filter(
    (flowId) => only === undefined || isReached(templates, only, flowId),
  ) as TemplateId[];
  return Promise.all(
    flowIds.map(async (flowId) => {
      const own = templates.get(flowId) as FlowMeaning;
      const customisation = merge(common, flows[flowId] ?? {}, own);
      const text = await loadFlow(flowId, { ...customisation, ...target });
      return { flowId, text, meaning: readMeaning(text), own };
    }),
  );
}

type Templates = ReadonlyMap<string, FlowMeaning>;

type CommonOptions = Pick<FlowSetOptions, "variables" | "timeouts" | "retries" | "labels">;

function calleesOf(templates: Templates, flowId: string): string[] {
  const flow = templates.get(flowId);
  if (flow === undefined) return [];
  return subflowCalls(flow)
    .filter((call) => isOwnNamespace(call, flow))
    .map((call) => call.flowId);
}

/** True for a flow that is asked for or called by one that is. */
function isReached(templates: Templates, roots: readonly string[], flowId: string): boolean {
  const reached = new Set(roots);
  for (const id of reached) for (const callee of calleesOf(templates, id)) reached.add(callee);
  return reached.has(flowId);
}

function merge(common: CommonOptions, single: FlowCustomisation, own: FlowMeaning) {
  const knobs = knobsOf(own);
  const variables = Object.entries(common.variables ?? {}).filter(([name]) =>
    Object.hasOwn(knobs, name),
  );
  const timeouts = {
    ...("connect_timeout" in knobs && { connectMs: common.timeouts?.connectMs }),
    ...("read_timeout" in knobs && { readMs: common.timeouts?.readMs }),
    ...single.timeouts,
  };
  return {
    ...single,
    variables: orNone({ ...Object.fromEntries(variables), ...single.variables }),
    timeouts: orNone(timeouts),
    retries: orNone({ ...fittingRetries(common.retries ?? {}, own), ...single.retries }),
    labels: orNone({ ...common.labels, ...single.labels }),
  };
}

/** What is set for all must not fail for the flow that has no such retry. */
function fittingRetries(retries: FlowRetries, own: FlowMeaning): FlowRetries {
  const text = JSON.stringify(own);
  const keys = {
    maxAttempts: "maxAttempts",
    intervalMs: "interval",
    maxIntervalMs: "maxInterval",
    delayFactor: "delayFactor",
  };
  const entries = Object.entries(retries).filter(([option]) =>
    text.includes(`"${keys[option as keyof FlowRetries]}":`),
  );
  return text.includes('"retry":') ? Object.fromEntries(entries) : {};
}

/** So that a flow for which nothing is set is not even parsed. */
function orNone<Options extends object>(options: Options): Options | undefined {
  return Object.values(options).every((value) => value === undefined) ? undefined : options;
}

function checkOptions(
  only: readonly string[],
  flows: Readonly<Record<string, unknown>>,
  { variables = {} }: CommonOptions,
  templates: Templates,
): void {
  const issues: InputIssue[] = [];
  const known = [...templates.keys()];
  const message = `is none of the package's flows (${known.join(", ")})`;
  for (const [index, flowId] of only.entries()) {
    if (!templates.has(flowId)) issues.push({ path: ["only", index], message });
  }
  for (const [flowId, customisation] of Object.entries(flows)) {
    if (!templates.has(flowId)) issues.push({ path: ["flows", flowId], message });
    else if (!isMap(customisation))
      issues.push({ path: ["flows", flowId], message: "must be an object" });
  }
  const knobs = new Set([...templates.values()].flatMap((flow) => Object.keys(knobsOf(flow))));
  for (const name of Object.keys(variables)) {
    if (knobs.has(name)) continue;
    const none = `is no knob of any flow; there are ${[...knobs].join(", ")}`;
    issues.push({ path: ["variables", name], message: none });
  }
  if (issues.length > 0) throw new InputError("Options of the flows", issues);
}
