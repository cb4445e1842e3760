import { type Displayable, displayed } from "../../display.ts";
import type { AgentInfo } from "../agents.ts";
import type { Provenance } from "../analysis/analysis.ts";
import { type AnalyzeOptions, analyze } from "../analysis/analyze.ts";
import type { ChangedAgent } from "../comparison/comparison.ts";
import type { EvaluationMatrix } from "../plan.ts";
import { renderFragment } from "../report/html/fragment.ts";
import { renderTerminal } from "../report/terminal.ts";
import type { EvaluationRow } from "../rows.ts";
import type { StoredRun } from "./stored-run.ts";

/** An evaluated batch: every match that was asked for is a row, with a result or a reason. */
export interface EvaluationBatch {
  rows: EvaluationRow[];
  /** True when every match has a result. A rerun with the same journal plays what is missing. */
  isComplete: boolean;
  /** Matches whose result was in the journal already. */
  reused: number;
  /** Agents that were edited while the batch was played: its rows then mix two of them. */
  editedAgents: ChangedAgent[];
  matrix: EvaluationMatrix;
  agents: AgentInfo[];
  provenance: Provenance;
}

/** Lets a batch show itself in a notebook and a terminal, as its analysis does. */
export function showableBatch(batch: EvaluationBatch): EvaluationBatch & Displayable {
  return displayed(batch, {
    text: () => renderTerminal(analyzeBatch(batch)),
    html: () => renderFragment(analyzeBatch(batch)),
  });
}

/** Analyses a batch with what it, or what was kept of it, knows of its matrix, its agents and its origin. */
export function analyzeBatch(batch: EvaluationBatch | StoredRun, options: AnalyzeOptions = {}) {
  const { rows, agents, matrix, provenance, editedAgents } = batch;
  const edited = editedAgents.map(
    ({ name, agentId, what }) =>
      `The ${what} of ${name ?? agentId} was edited while the batch was played.`,
  );
  const notes = [...(provenance.notes ?? []), ...edited];
  return analyze(rows, {
    agents,
    ...(matrix && { expected: matrix }),
    provenance: { ...provenance, ...(notes.length > 0 && { notes }) },
    ...options,
  });
}
