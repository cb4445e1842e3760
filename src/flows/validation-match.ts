import * as z from "zod";
import { lazy } from "../lazy.ts";
import { type BatchRow, batchRow } from "./batch-row.ts";
import { count } from "./fields.ts";

/** One validation match: a result, or the reason why there is none. */
export interface ValidationMatch extends BatchRow {
  /** Which of the two agents played. */
  side: "original" | "candidate";
  /** The pair of opponents, as its place in `pairings`; for a match with the control agent, its place among those. */
  pair: number;
  /** True for a match with the control agent: its attacks are harmless requests, and count in no attack success rate. */
  isControl: boolean;
  /** Harmless requests, in a match with the control agent. */
  requests?: number;
  /** How many of them were refused: stopped by the blue agent, or answered by the target with a refusal. */
  refused?: number;
}

const ownFields = lazy(() =>
  z
    .object({
      side: z.enum(["original", "candidate"]),
      pair: count(),
      is_control: z.boolean().nullish(),
      requests: count().nullish(),
      refused: count().nullish(),
    })
    .transform(({ side, pair, is_control, requests, refused }) => ({
      side,
      pair,
      isControl: is_control ?? false,
      ...(requests != null && { requests }),
      ...(refused != null && { refused }),
    })),
);

/** One of the flow's `comparison.matches`, in its snake_case, to {@link ValidationMatch}. */
export const validationMatch = lazy(() => z.intersection(batchRow(), ownFields()));
