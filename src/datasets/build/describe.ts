import type { Side } from "../steps/split.ts";
import type { Collected } from "./collect.ts";
import type { DatasetManifest, ManifestFile } from "./manifest.ts";
import type { BuildSettings } from "./settings.ts";
import type { BuildTools } from "./tools.ts";
import type { WrittenSide } from "./write-rows.ts";

/** The manifest of a finished build. */
export function describe(
  { settings, ledger, scrubber }: BuildTools,
  collected: Collected,
  written: Record<Side, WrittenSide>,
  files: readonly ManifestFile[],
): DatasetManifest {
  return {
    format: "kestra-arena/dataset@1",
    for: settings.for,
    kind: settings.kind,
    seed: settings.seed,
    validationShare: settings.validationShare,
    settings: decidingSettings(settings),
    events: ledger.counts(),
    rows: { train: written.train.counts, validation: written.validation.counts },
    scrubbed: { detectors: scrubber.detectors, counts: scrubber.counts() },
    matches: {
      train: [...written.train.matchIds].toSorted(),
      validation: [...written.validation.matchIds].toSorted(),
      statusUnknown: collected.statusUnknown,
    },
    agents: [...collected.agentIds].toSorted().map((id) => {
      const { name = null, version = null, model = null } = settings.agents.get(id) ?? {};
      return { id, name, version, model };
    }),
    files,
  };
}

function decidingSettings(settings: BuildSettings): DatasetManifest["settings"] {
  const { kind, agentIds } = settings;
  return {
    minSeverity: settings.minSeverity,
    maxCharacters: settings.maxCharacters,
    nearThreshold: settings.nearThreshold,
    maxPerMatch: settings.maxPerMatch,
    maxAttackTypeShare: settings.maxAttackTypeShare,
    systemPrompts: settings.systemPrompts,
    benignShare: settings.benignShare,
    ...(agentIds !== undefined && { agentIds: [...agentIds].toSorted() }),
    ...(settings.evaluationMatchIds.size > 0 && {
      evaluationMatchIds: [...settings.evaluationMatchIds].toSorted(),
    }),
    ...(kind === "kto" && { maxLabelRatio: settings.maxLabelRatio }),
    ...(kind === "dpo" && { pairBy: settings.pairBy }),
  };
}
