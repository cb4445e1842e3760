import { isArenaError } from "../errors.ts";
import { encodeInputs } from "../executions/encode-inputs.ts";
import type { FlowDefinition } from "../flows/define-flow.ts";
import { arenaFlows } from "../flows/index.ts";
import type { FlowDiff } from "../templates/diff-flows.ts";
import type { DoctorContext } from "./context.ts";
import { type Finding, failed, ok, warning } from "./findings.ts";
import { sampleOf } from "./sample.ts";

/** Whether the flows are deployed, and are what this version of the package means. */
export async function checkFlows(
  { flows, options }: DoctorContext,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const all = await flows.diff({ signal });
  const of = (status: FlowDiff["status"]) => all.filter((flow) => flow.status === status);
  const findings: Finding[] = [];
  const missing = of("missing");
  if (missing.length > 0) {
    const seen = `Not in the namespace ${options.namespace}: ${names(missing)}.`;
    const advice = "Deploy them: kestra-arena deploy, or arena.flows.deploy().";
    findings.push(failed("flows", "flows_missing", seen, advice));
  }
  const drifted = of("drifted");
  if (drifted.length > 0) {
    const where = drifted.map(
      ({ flowId, changes }) =>
        `${flowId} (${changes
          .map(({ path }) => path)
          .slice(0, 3)
          .join(", ")})`,
    );
    const seen = `Edited in Kestra since they were deployed: ${where.join("; ")}.`;
    const advice =
      "See kestra-arena diff; kestra-arena deploy --overwrite puts the package's own back. A change that is meant can stay.";
    const breaks = drifted.flatMap(({ flowId, contract }) =>
      contract.map((text) => `${flowId}: ${text}`),
    );
    findings.push(
      breaks.length === 0
        ? warning("flows", "flows_drifted", seen, advice)
        : failed(
            "flows",
            "flows_drifted",
            `${seen} The SDK's calls will stumble: ${breaks.join("; ")}.`,
            advice,
          ),
    );
  }
  const outdated = of("outdated");
  if (outdated.length > 0) {
    const seen = `Deployed by another version of the package, or with other options: ${names(outdated)}.`;
    const advice = "Bring them up to date: kestra-arena deploy.";
    findings.push(warning("flows", "flows_outdated", seen, advice));
  }
  if (findings.length > 0) return findings;
  return [
    ok(
      "flows",
      "flows_current",
      `All ${all.length} flows in ${options.namespace} are the package's own.`,
    ),
  ];
}

function names(flows: readonly FlowDiff[]): string {
  return flows.map(({ flowId }) => flowId).join(", ");
}

/** Whether the deployed flows take what the SDK would send: asked of Kestra itself, which starts nothing for it. */
export async function checkInputs(
  context: DoctorContext,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const flows = Object.values(arenaFlows) as unknown as FlowDefinition<unknown, unknown>[];
  const problems: string[] = [];
  const checked: string[] = [];
  for (const flow of flows) {
    const found = await askKestra(context, flow, signal);
    if (found === undefined) continue;
    checked.push(flow.id);
    problems.push(...found.map((text) => `${flow.id}: ${text}`));
  }
  // None is there: that is said elsewhere.
  if (checked.length === 0) return [];
  if (problems.length === 0) {
    const seen = `Kestra takes the inputs that the SDK sends to ${checked.join(", ")}.`;
    return [ok("inputs", "inputs_agree", seen)];
  }
  const advice =
    "The deployed flows are not the package's: see kestra-arena diff, then deploy them again.";
  return [failed("inputs", "inputs_disagree", `${problems.join("; ")}.`, advice)];
}

/** What Kestra says against a sample of a flow's inputs; `undefined` when the flow is not there. */
async function askKestra(
  { kestra, options }: DoctorContext,
  flow: FlowDefinition<unknown, unknown>,
  signal: AbortSignal | undefined,
): Promise<string[] | undefined> {
  const inputs = flow.build(sampleOf(flow.jsonSchemas().input));
  try {
    const answers = await kestra.executions.validateInputs(
      flow.namespace ?? options.namespace,
      flow.id,
      encodeInputs(flow.id, inputs),
      { signal },
    );
    const known = new Set(answers.map(({ input }) => input));
    const unknown = Object.keys(inputs).filter((name) => !known.has(name));
    return [
      ...unknown.map((name) => `has no input ${name}, and would drop it without a word`),
      ...answers.flatMap(({ input, errors }) => errors.map((text) => `${input}: ${text}`)),
    ];
  } catch (error) {
    if (isArenaError(error, "not_found")) return undefined;
    throw error;
  }
}
