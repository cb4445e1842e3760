import type { Scrubber } from "../scrub/scrubber.ts";
import type { EventLedger } from "./ledger.ts";
import type { BuildSettings } from "./settings.ts";
import type { Spool } from "./spool.ts";
import type { Ticker } from "./ticker.ts";

/** The tools of a build. */
export interface BuildTools {
  settings: BuildSettings;
  ledger: EventLedger;
  scrubber: Scrubber;
  spool: Spool;
  ticker: Ticker;
}
