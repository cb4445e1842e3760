import type { EngineLine } from "../../../../engine/index.ts";

/** Where the engine answers otherwise than the recorded server, and why. */
export interface KnownDifference {
  line: EngineLine;
  /** The exchange's name. */
  name: string;
  path: string;
  reason: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [];
