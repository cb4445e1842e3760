import type { DatasetMatch, Sample } from "../types.ts";
import { isErrorReply, isRefusal } from "./replies.ts";

/** Why a sample is rejected. */
export type RejectReason =
  | "unfinished_match"
  | "evaluation_only"
  | "odd_id"
  | "lone_surrogate"
  | "empty_text"
  | "error_reply"
  | "empty_reply"
  | "refusal_marked_success"
  | "too_long"
  | "answer_repeats_prompt";

/** What is rejected. */
export interface RejectOptions {
  /** The longest row, in UTF-16 code units of all its texts. @default 8000, about 2,000 tokens */
  maxCharacters?: number | undefined;
  /** Matches that were played for evaluation only. @default none besides those whose metadata says so */
  evaluationMatchIds?: ReadonlySet<string> | undefined;
}

/** What answered the attack of a sample; an exchange fits. */
export interface Replies {
  defense?: { prompt: string } | undefined;
  target?: { prompt: string; outcome?: string | undefined } | undefined;
}

/** The default of {@link RejectOptions.maxCharacters}. */
export const defaultMaxCharacters = 8000;

const finished = new Set(["complete", "completed"]);

/** Why no event of this match may be trained on; nothing when they may, or when the match is not known. */
export function rejectMatch(
  matchId: string,
  match: DatasetMatch | undefined,
  options: RejectOptions = {},
): RejectReason | undefined {
  if (options.evaluationMatchIds?.has(matchId)) return "evaluation_only";
  if (isEvaluationOnly(match?.metadata)) return "evaluation_only";
  if (match?.status !== undefined && !finished.has(match.status)) return "unfinished_match";
  return undefined;
}

/** Why a sample must not be trained on; nothing when it may. */
export function rejectSample(
  sample: Sample,
  replies: Replies,
  options: RejectOptions = {},
): RejectReason | undefined {
  const { prompt, answer, system = "" } = sample;
  if (![sample.matchId, sample.agentId, sample.attackType].every(isId)) return "odd_id";
  if (!(prompt.isWellFormed() && answer.isWellFormed() && system.isWellFormed())) {
    return "lone_surrogate";
  }
  if (prompt.trim() === "") return "empty_text";
  if (answer.trim() === "") return "empty_reply";
  const reply = rejectReplies(sample.outcome, replies);
  if (reply !== undefined) return reply;
  const characters = prompt.length + answer.length + system.length;
  if (characters > (options.maxCharacters ?? defaultMaxCharacters)) return "too_long";
  return squeezed(prompt) === squeezed(answer) ? "answer_repeats_prompt" : undefined;
}

/** An outcome that rests on a reply which is none cannot be believed, whoever is trained. */
function rejectReplies(outcome: string, { defense, target }: Replies): RejectReason | undefined {
  if (defense !== undefined && isErrorReply(defense.prompt)) return "error_reply";
  if (target === undefined) return undefined;
  if (target.prompt.trim() === "") return "empty_reply";
  if (target.outcome === "failed" || isErrorReply(target.prompt)) return "error_reply";
  return outcome === "success" && isRefusal(target.prompt) ? "refusal_marked_success" : undefined;
}

/** Ids go into rows and the manifest as they are: they have to be short and well-formed. */
function isId(id: unknown): boolean {
  return typeof id === "string" && id.length <= 200 && id.isWellFormed();
}

function isEvaluationOnly(metadata: DatasetMatch["metadata"]): boolean {
  return metadata?.evaluationOnly === true || metadata?.purpose === "evaluation";
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
