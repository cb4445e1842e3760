import { messageOf } from "../errors/message-of.ts";
import { checkArena } from "./arena-checks.ts";
import type { DoctorContext, DoctorOptions } from "./context.ts";
import { type DoctorCheck, doctorChecks, type Finding, failed } from "./findings.ts";
import { checkFlows, checkInputs } from "./flows-checks.ts";
import { checkKestra, checkVersion } from "./kestra-checks.ts";
import { checkStreams } from "./streams-check.ts";

/** What the doctor found. */
export interface DoctorReport {
  /** The gravest of all findings: `failed` when something does not work. */
  status: "ok" | "warning" | "failed";
  /** Every finding, in the order in which the checks are made; those that could not be made as `skipped`. */
  findings: Finding[];
}

/** What has to be well before a check makes sense. */
const needs: Readonly<Partial<Record<DoctorCheck, DoctorCheck>>> = {
  credentials: "kestra",
  tenant: "credentials",
  version: "tenant",
  streams: "tenant",
  flows: "tenant",
  inputs: "flows",
  arena: "tenant",
  agents: "arena",
  alerts: "arena",
};

/** Looks at all that has to be well for the flows to run, in order. Never throws for what it finds. */
export async function examine(
  context: DoctorContext,
  options: DoctorOptions = {},
): Promise<DoctorReport> {
  const { signal, onFinding, probe = true } = options;
  const findings: Finding[] = [];
  const add = (finding: Finding) => {
    const told = { ...finding, seen: context.kestra.redact(finding.seen) };
    findings.push(told);
    onFinding?.(told);
  };
  const isKnown = (check: DoctorCheck) => findings.some((finding) => finding.check === check);
  const steps: [DoctorCheck, () => Promise<Finding | Finding[]>][] = [
    ["kestra", () => checkKestra(context, signal)],
    ["version", () => checkVersion(context, signal)],
    ["streams", () => checkStreams(context, signal)],
    ["flows", () => checkFlows(context, signal)],
    ["inputs", () => checkInputs(context, signal)],
    ["arena", async () => (probe ? checkArena(context, options) : [])],
  ];
  for (const [check, run] of steps) {
    signal?.throwIfAborted();
    const blocker = blockerOf(check, findings);
    if (blocker !== undefined) continue;
    for (const finding of await guarded(check, run, signal)) add(finding);
  }
  for (const check of doctorChecks) {
    if (!isKnown(check)) add(skipped(check, blockerOf(check, findings), probe));
  }
  const inOrder = findings.sort(
    (first, second) => doctorChecks.indexOf(first.check) - doctorChecks.indexOf(second.check),
  );
  return { status: gravest(findings), findings: inOrder };
}

/** A check that breaks is a finding as well. */
async function guarded(
  check: DoctorCheck,
  run: () => Promise<Finding | Finding[]>,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  try {
    return [await run()].flat();
  } catch (error) {
    signal?.throwIfAborted();
    const seen = messageOf(error);
    const advice =
      "The check itself could not be made. Run the doctor again; if it stays, look into Kestra's log.";
    return [failed(check, "check_failed", seen, advice)];
  }
}

/** The first check up the line that is not well: `undefined` when nothing stands in the way. */
function blockerOf(check: DoctorCheck, findings: readonly Finding[]): DoctorCheck | undefined {
  const need = needs[check];
  if (need === undefined) return undefined;
  const above = blockerOf(need, findings);
  if (above !== undefined) return above;
  const found = findings.filter((finding) => finding.check === need);
  // Flows that are edited or some that are missing leave others to be looked at.
  const isBlocked = need !== "flows" && found.some(({ status }) => status === "failed");
  return isBlocked ? need : undefined;
}

function skipped(check: DoctorCheck, blocker: DoctorCheck | undefined, isProbed: boolean): Finding {
  // Without a blocker it is the probe that was not wanted, or flows of which there is none.
  const dependsOn = blocker ?? (check === "inputs" ? "flows" : undefined);
  const isUnwanted = dependsOn === undefined && !isProbed;
  const because = isUnwanted ? "as it was not asked for" : `as ${dependsOn} is not well`;
  return {
    check,
    code: "skipped",
    status: "skipped",
    seen: `Not looked at, ${because}.`,
    advice: undefined,
    ...(dependsOn !== undefined && { dependsOn }),
  };
}

function gravest(findings: readonly Finding[]): DoctorReport["status"] {
  if (findings.some(({ status }) => status === "failed")) return "failed";
  return findings.some(({ status }) => status === "warning") ? "warning" : "ok";
}
