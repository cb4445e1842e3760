import * as z from "zod";
import { lazy } from "../lazy.ts";

/** A moment: a `Date`, or ISO 8601 text with a zone (`2026-11-24T09:00:00Z`, `…+01:00`). */
export type Instant = Date | string;

/** A moment that cannot be misread: text without a zone is refused. */
export const instant = lazy(() =>
  z.union([z.date(), z.iso.datetime({ offset: true })], {
    error: "must be a Date, or ISO 8601 with a zone, such as 2026-11-24T09:00:00Z",
  }),
);

/** A moment as Kestra's DATETIME takes it. */
export function toIsoText(moment: Instant): string {
  return new Date(moment).toISOString();
}
