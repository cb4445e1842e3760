import * as z from "zod";
import { zodIssues } from "../../errors/zod-issues.ts";
import { InputError, type InputIssue } from "../../errors.ts";
import { lazy } from "../../lazy.ts";
import { builtInControls } from "../benign/built-in.ts";
import type { BenignControl } from "../benign/control.ts";
import { assertKindFits, type DatasetFormat } from "../files/format.ts";
import { assertSafeName } from "../files/output-folder.ts";
import { nearThreshold } from "../near/near-index.ts";
import { oumiTrainingConfig } from "../oumi/training-config.ts";
import { defaultMaxAttackTypeShare, defaultMaxPerMatch } from "../steps/cap.ts";
import type { PairBy } from "../steps/pair.ts";
import { defaultMaxCharacters } from "../steps/reject.ts";
import type { DatasetAgentInfo, DatasetKind, DatasetMatch } from "../types.ts";
import type { BuildOptions } from "./options.ts";

/** The options with their defaults, checked. */
export interface BuildSettings
  extends Omit<BuildOptions, "agents" | "matches" | "agentIds" | "evaluationMatchIds"> {
  name: string;
  formats: readonly DatasetFormat[];
  overwrite: boolean;
  seed: number;
  validationShare: number;
  minSeverity: number;
  maxCharacters: number;
  nearThreshold: number;
  maxPerMatch: number;
  maxAttackTypeShare: number;
  maxLabelRatio: number;
  pairBy: PairBy;
  systemPrompts: boolean;
  agentIds: ReadonlySet<string> | undefined;
  evaluationMatchIds: ReadonlySet<string>;
  matches: readonly DatasetMatch[];
  agents: ReadonlyMap<string, DatasetAgentInfo>;
  benignShare: number;
  controls: readonly BenignControl[];
}

const share = () => z.number().min(0).max(1);
const list = () => z.custom<Iterable<unknown>>(isIterable, { error: "must be a list" });
const callback = () =>
  z.custom<() => void>((value) => typeof value === "function", { error: "must be a function" });

const schema = lazy(() =>
  z.strictObject({
    for: z.enum(["red", "blue", "target"]),
    kind: z.enum(["sft", "dpo", "kto"]),
    folder: z.string().min(1).optional(),
    name: z.string().optional(),
    formats: z.array(z.string()).min(1).optional(),
    overwrite: z.boolean().optional(),
    trainingConfig: z.looseObject({ modelName: z.string().min(1) }).optional(),
    seed: z.int().min(0).optional(),
    validationShare: share().optional(),
    minSeverity: z.number().min(0).max(10).optional(),
    agentIds: list().optional(),
    matches: list().optional(),
    evaluationMatchIds: list().optional(),
    agents: list().optional(),
    systemPrompts: z.boolean().optional(),
    redTask: callback().optional(),
    maxCharacters: z.int().min(1).optional(),
    nearThreshold: z.number().gt(0).max(1).optional(),
    maxPerMatch: z.int().min(1).optional(),
    maxAttackTypeShare: z.number().gt(0).max(1).optional(),
    maxLabelRatio: z.number().min(1).optional(),
    pairBy: z.enum(["attack", "attack-type"]).optional(),
    benign: z.strictObject({ share: share().optional(), controls: list().optional() }).optional(),
    detectors: list().optional(),
    extraDetectors: list().optional(),
    knownSecrets: list().optional(),
    onProgress: callback().optional(),
    signal: z.instanceof(AbortSignal).optional(),
  }),
);

/** Checks the options. @throws {@link InputError} with all that is wrong */
export function settle<Kind extends DatasetKind>(options: BuildOptions<Kind>): BuildSettings {
  const parsed = schema().safeParse(options);
  if (!parsed.success) throw new InputError("Options of buildDataset", zodIssues(parsed.error));
  const name = options.name ?? `${options.for}-${options.kind}`;
  const formats = [...new Set(options.formats ?? (["oumi-jsonl"] as const))];
  const seed = options.seed ?? 1;
  assertSafeName(name);
  assertKindFits(options.kind, formats);
  assertFolder(options);
  if (options.trainingConfig !== undefined) trainingConfigOf({ ...options, seed }, name);
  const { agentIds, benign = {} } = options;
  return {
    ...options,
    name,
    formats,
    overwrite: options.overwrite ?? false,
    seed,
    validationShare: options.validationShare ?? 0.1,
    minSeverity: options.minSeverity ?? 0,
    maxCharacters: options.maxCharacters ?? defaultMaxCharacters,
    nearThreshold: options.nearThreshold ?? nearThreshold,
    maxPerMatch: options.maxPerMatch ?? defaultMaxPerMatch,
    maxAttackTypeShare: options.maxAttackTypeShare ?? defaultMaxAttackTypeShare,
    maxLabelRatio: options.maxLabelRatio ?? 1,
    // A red agent's answers are all answers to the same task: the type of attack is all of the prompt.
    pairBy: options.for === "red" ? "attack-type" : (options.pairBy ?? "attack-type"),
    systemPrompts: options.systemPrompts ?? false,
    agentIds: agentIds === undefined ? undefined : new Set(agentIds),
    evaluationMatchIds: new Set(options.evaluationMatchIds),
    matches: [...(options.matches ?? [])],
    agents: new Map([...(options.agents ?? [])].map((agent) => [agent.id, agent])),
    benignShare: benign.share ?? 0.1,
    controls: [...(benign.controls ?? builtInControls(options.for))],
  };
}

/** The training config for a dataset's files. @throws {@link InputError} for options that make no sense */
export function trainingConfigOf(
  { kind, seed, trainingConfig }: Pick<BuildSettings, "kind" | "seed" | "trainingConfig">,
  trainFile: string,
  validationFile?: string,
): string {
  const options = { seed, ...(trainingConfig ?? { modelName: "" }) };
  return oumiTrainingConfig({ ...options, kind, trainFile, validationFile });
}

function assertFolder({ folder, formats, trainingConfig }: BuildOptions): void {
  const needsFolder = formats !== undefined || trainingConfig !== undefined;
  if (folder === undefined && needsFolder) {
    throw wrong(["folder"], "is needed for files: without it the rows are given back in memory");
  }
  if (trainingConfig !== undefined && formats?.includes("oumi-jsonl") === false) {
    throw wrong(["formats"], "must have oumi-jsonl: that is what the training config names");
  }
}

function wrong(path: InputIssue["path"], message: string): InputError {
  return new InputError("Options of buildDataset", [{ path, message }]);
}

function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
