import { isRecord } from "../rows/values.ts";
import { severityOf } from "../steps/severity.ts";
import { hashText } from "../text.ts";
import type { DatasetAgent, Sample } from "../types.ts";

/** The samples that a row was made of: two of a pair. */
export interface RowSamples {
  kind: "samples";
  /** Whom the row trains; nothing when it does not say. */
  trainFor: string | undefined;
  samples: readonly Omit<Sample, "agentId" | "events">[];
  /** The agent that is trained, once it is known which of the three that is. */
  agentIdFor(agent: DatasetAgent): string;
}

/** Takes a row apart that was chosen already; nothing for one that is none, or that has several turns. */
export function readTrainingRow(row: Record<string, unknown>): RowSamples | undefined {
  const about = isRecord(row.metadata) ? row.metadata : {};
  const texts = textsOf(row);
  if (texts === undefined) return undefined;
  const word = (name: string) => (typeof about[name] === "string" ? about[name] : undefined);
  const severity = about.severity;
  const common = {
    // A row that does not say its match is a match of its own: so equal prompts stay together.
    matchId: word("match_id") ?? `unknown-${hashText(texts[0]?.prompt ?? "").toString(36)}`,
    attackType: word("attack_type") ?? "unknown",
    severity: severityOf(typeof severity === "number" ? severity : word("severity")),
  };
  return {
    kind: "samples",
    trainFor: word("train_for"),
    agentIdFor: (agent) => word(`${agent}_agent_id`) ?? word("agent_id") ?? "unknown",
    samples: texts.map((text) => ({
      ...common,
      ...text,
      outcome: (text.isGood ? word("chosen_outcome") : undefined) ?? word("outcome") ?? "unknown",
    })),
  };
}

type Texts = Pick<Sample, "prompt" | "answer" | "isGood"> & { system?: string };

function textsOf(row: Record<string, unknown>): Texts[] | undefined {
  const { messages, prompt, chosen, rejected, completion, label } = row;
  if (Array.isArray(messages)) {
    const opening = openingOf(messages.slice(0, -1));
    const answer = turnOf(messages.slice(-1), "assistant");
    if (opening === undefined || answer === undefined) return undefined;
    return [{ ...opening, answer, isGood: true }];
  }
  const opening = openingOf(prompt);
  if (opening === undefined) return undefined;
  if (typeof completion === "string" && typeof label === "boolean") {
    return [{ ...opening, answer: completion, isGood: label }];
  }
  const [better, worse] = [turnOf(chosen, "assistant"), turnOf(rejected, "assistant")];
  if (better === undefined || worse === undefined) return undefined;
  return [
    { ...opening, answer: better, isGood: true },
    { ...opening, answer: worse, isGood: false },
  ];
}

function openingOf(value: unknown): { system?: string; prompt: string } | undefined {
  if (typeof value === "string") return { prompt: value };
  if (!Array.isArray(value)) return undefined;
  const system = value.length === 2 ? turnOf(value.slice(0, 1), "system") : undefined;
  const prompt = turnOf(system === undefined ? value : value.slice(1), "user");
  if (prompt === undefined) return undefined;
  return system === undefined ? { prompt } : { system, prompt };
}

/** The text of one single turn of this role. */
function turnOf(value: unknown, role: string): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || value.length !== 1) return undefined;
  const [turn] = value;
  if (!isRecord(turn) || turn.role !== role) return undefined;
  return typeof turn.content === "string" ? turn.content : undefined;
}
