import type { KestraFlow } from "../kestra/flows.ts";
import { findDeclarationProblems } from "./contract.ts";
import type { LoadedFlow } from "./flow-set.ts";
import { removeValue, setValue } from "./flow-text.ts";
import {
  canonical,
  compareMeaning,
  type FlowChange,
  type FlowMeaning,
  readMeaning,
} from "./meaning.ts";
import { isScheduleTrigger, scheduleTriggers } from "./schedule-triggers.ts";
import { isOurs } from "./stamp.ts";

/** How a flow in Kestra stands to what would be deployed. */
export type FlowStatus =
  /** Not in Kestra. */
  | "missing"
  /** The same in meaning, whatever its format and comments. */
  | "equal"
  /** Other than what would be deployed, and as the package last deployed it. */
  | "outdated"
  /** Other than what would be deployed, and not as the package deployed it: somebody edited it, or made it by hand. */
  | "drifted";

/** One flow, held against Kestra. */
export interface ComparedFlow extends LoadedFlow {
  /** How it stands. */
  status: FlowStatus;
  /** What a deployment would change, by meaning. */
  changes: FlowChange[];
  /** Where the inputs and outputs in Kestra are other than the SDK's, in words. */
  contract: string[];
  /** The flow in Kestra. */
  deployed: KestraFlow | undefined;
}

/**
 * Holds a flow against the one in Kestra. The schedule in Kestra stays, whoever set it, unless the flow was customised
 * with another.
 */
export async function compareFlow(
  flow: LoadedFlow,
  deployed: KestraFlow | undefined,
  { setsSchedule }: { setsSchedule: boolean },
): Promise<ComparedFlow> {
  if (deployed === undefined) {
    return { ...flow, status: "missing", changes: [], contract: [], deployed };
  }
  const source = deployed.source ?? "";
  const present = readOrEmpty(source);
  const wanted = setsSchedule ? flow : keepSchedule(flow, present);
  const changes = compareMeaning(present, wanted.meaning);
  const contract = findDeclarationProblems(flow.own, present);
  const status =
    changes.length === 0 ? "equal" : (await isOurs(source, present)) ? "outdated" : "drifted";
  return { ...wanted, status, changes, contract, deployed };
}

function keepSchedule(flow: LoadedFlow, present: FlowMeaning): LoadedFlow {
  const kept = scheduleTriggers(present);
  if (canonical(kept) === canonical(scheduleTriggers(flow.meaning))) return flow;
  const own = Array.isArray(flow.meaning.triggers) ? flow.meaning.triggers : [];
  const triggers = [...own.filter((trigger) => !isScheduleTrigger(trigger)), ...kept];
  const text =
    triggers.length === 0
      ? removeValue(flow.text, ["triggers"])
      : setValue(flow.text, ["triggers"], triggers);
  return { ...flow, text, meaning: readMeaning(text) };
}

/** What Kestra stores is a flow; should it ever not be, nothing of it is known to be the package's. */
function readOrEmpty(source: string): FlowMeaning {
  try {
    return readMeaning(source);
  } catch {
    return {};
  }
}
