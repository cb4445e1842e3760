import type { EngineLine } from "../../../../engine/index.ts";

/** Where the engine answers otherwise than the recorded server, and why. */
export interface KnownDifference {
  line: EngineLine;
  /** The exchange's name. */
  name: string;
  path: string;
  reason: string;
  /** True for what depends on who was faster, so that it may be the same as well. */
  isByChance?: boolean;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  ...[".state.duration", ".state.endDate"].map((path) => ({
    line: "2.0" as const,
    name: "execution-kill-scheduled",
    path,
    reason: "the executor may have gone from KILLING to KILLED before the answer is written",
    isByChance: true,
  })),
];
