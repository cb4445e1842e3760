import * as z from "zod";
import { lazy } from "../lazy.ts";

/** How long and how fast a match is: 5, 20 or 50 rounds at 1, 2 or 3 s; `continuous` has no end of its own. */
export type MatchMode = "quick" | "standard" | "deep" | "continuous";

/** The modes of a match, shortest first. */
const matchModes = ["quick", "standard", "deep", "continuous"] as const satisfies MatchMode[];

/** Kestra keeps INT inputs in 32 bits. */
const maxInt = 2_147_483_647;

/** The text form of a UUID, in upper or lower case. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An agent's id. Accepts what the backend's own check accepts: any UUID, of whatever version, which zod's does not. */
export const agentId = lazy(() =>
  z
    .string()
    .refine((t) => uuid.test(t), { error: "must be a UUID, as GET /api/agents lists them" }),
);

/** A whole number that Kestra can hold. */
export const int = (min: number, max = maxInt) => z.int().min(min).max(max);

/** The mode of a match. */
export const matchMode = lazy(() => z.enum(matchModes));

/** How many there are of something. */
export const count = () => z.number().int().min(0);

/** A number or `null`: Kestra drops nulls from JSON outputs, so that it may also be absent. */
export const numberOrNull = () =>
  z
    .number()
    .nullish()
    .transform((value) => value ?? null);
