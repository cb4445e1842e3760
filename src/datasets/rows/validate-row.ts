import type { DatasetKind } from "../types.ts";
import { checkConversation, checkTurns } from "./messages.ts";
import { checkKeys, checkText, isRecord } from "./values.ts";

/** Whose rows they are: Oumi's, or those of OpenAI's fine-tuning. JSON and Parquet files hold Oumi's. */
export type RowLayout = "oumi" | "openai";

/** What a row is checked against. */
export interface RowCheck {
  kind: DatasetKind;
  /** @default "oumi" */
  layout?: RowLayout | undefined;
  /** The longest row, in UTF-16 code units of all its texts. @default no limit */
  maxCharacters?: number | undefined;
}

/**
 * What is wrong with a row, in words and without its content; nothing when it is fit for training. Stricter than Oumi
 * itself, which reads the format off the first row and takes empty conversations and unknown keys without a word.
 */
export function rowProblems(row: unknown, check: RowCheck): string[] {
  if (!isRecord(row)) return ["is no object"];
  const layout = check.layout ?? "oumi";
  const problems =
    check.kind === "sft"
      ? sftProblems(row, layout)
      : check.kind === "kto"
        ? ktoProblems(row, layout)
        : dpoProblems(row, layout);
  const limit = check.maxCharacters;
  if (limit !== undefined && problems.length === 0 && charactersOf(row) > limit) {
    problems.push(`has more than ${limit} characters`);
  }
  return problems;
}

type Row = Record<string, unknown>;

function sftProblems(row: Row, layout: RowLayout): string[] {
  const isOumi = layout === "oumi";
  const optional = isOumi ? ["conversation_id", "metadata"] : [];
  const problems = [
    ...checkKeys("", row, ["messages"], optional),
    ...checkConversation("messages", row.messages, "assistant"),
  ];
  const { conversation_id: id } = row;
  if (isOumi && id !== undefined && id !== null && typeof id !== "string") {
    problems.push("conversation_id: is no text");
  }
  return [...problems, ...metadataProblems(row, layout)];
}

function metadataProblems({ metadata }: Row, layout: RowLayout): string[] {
  const isFine = metadata === undefined || layout === "openai" || isRecord(metadata);
  return isFine ? [] : ["metadata: is no object"];
}

function dpoProblems(row: Row, layout: RowLayout): string[] {
  return layout === "oumi" ? oumiDpoProblems(row) : openAiDpoProblems(row);
}

function oumiDpoProblems(row: Row): string[] {
  const problems = checkKeys("", row, ["prompt", "chosen", "rejected"], ["metadata"]);
  problems.push(...metadataProblems(row, "oumi"));
  problems.push(
    ...(typeof row.prompt === "string"
      ? checkText("prompt", row.prompt)
      : checkConversation("prompt", row.prompt, "user")),
  );
  for (const name of ["chosen", "rejected"]) {
    const answer = row[name];
    problems.push(
      ...(typeof answer === "string" ? checkText(name, answer) : checkTurns(name, answer)),
    );
  }
  return [...problems, ...sameAnswers(problems, row.chosen, row.rejected)];
}

function openAiDpoProblems(row: Row): string[] {
  const { input, preferred_output: chosen, non_preferred_output: rejected } = row;
  const problems = checkKeys("", row, ["input", "preferred_output", "non_preferred_output"]);
  if (isRecord(input)) {
    problems.push(
      ...checkKeys("input", input, ["messages"]),
      ...checkConversation("input.messages", input.messages, "user"),
    );
  } else problems.push("input: is no object");
  problems.push(
    ...checkTurns("preferred_output", chosen),
    ...checkTurns("non_preferred_output", rejected),
  );
  return [...problems, ...sameAnswers(problems, chosen, rejected)];
}

function ktoProblems(row: Row, layout: RowLayout): string[] {
  if (layout === "openai") return ["OpenAI has no KTO rows"];
  const problems = [
    ...checkKeys("", row, ["prompt", "completion", "label"], ["metadata"]),
    ...metadataProblems(row, layout),
    ...checkText("prompt", row.prompt),
    ...checkText("completion", row.completion),
  ];
  if (typeof row.label !== "boolean") problems.push("label: is neither true nor false");
  return problems;
}

function sameAnswers(problems: readonly string[], chosen: unknown, rejected: unknown): string[] {
  if (problems.length > 0) return [];
  return answerOf(chosen) === answerOf(rejected)
    ? ["the chosen and the rejected answer are the same"]
    : [];
}

/** An answer's text, white space aside. */
function answerOf(answer: unknown): string {
  const text = Array.isArray(answer) ? (answer[0] as { content: string }).content : String(answer);
  return text.replaceAll(/\s+/g, " ").trim();
}

function charactersOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, part]) => (key === "metadata" ? sum : sum + charactersOf(part)),
    0,
  );
}
