import * as z from "zod";
import { lazy } from "../lazy.ts";

/** How long and how fast a match is: 5, 20 or 50 rounds at 1, 2 or 3 s; `continuous` has no end of its own. */
export type MatchMode = "quick" | "standard" | "deep" | "continuous";

/** The modes of a match, shortest first. */
const matchModes = ["quick", "standard", "deep", "continuous"] as const satisfies MatchMode[];

/** Kestra keeps INT inputs in 32 bits. */
const maxInt = 2_147_483_647;

/**
 * An agent's id. A character check costs a tenth of zod's uuid expression, which matters in a batch of thousands, and
 * accepts what the backend's own check accepts: any UUID, of whatever version.
 */
export const agentId = lazy(() =>
  z.string().refine(isUuid, { error: "must be a UUID, as GET /api/agents lists them" }),
);

/** A whole number that Kestra can hold. */
export const int = (min: number, max = maxInt) => z.int().min(min).max(max);

/** The mode of a match. */
export const matchMode = lazy(() => z.enum(matchModes));

/** True for the text form of a UUID, in upper or lower case. */
function isUuid(text: string): boolean {
  if (text.length !== 36) return false;
  for (let index = 0; index < 36; index += 1) {
    const code = text.charCodeAt(index);
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (code !== 45) return false;
    } else if (!isHexDigit(code)) {
      return false;
    }
  }
  return true;
}

function isHexDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}
