import type { KestraLine } from "../../kestra/dialect.ts";
import type { ServerClock } from "./clock.ts";
import type { FaultPlan, Route, SimulatedRequest } from "./faults.ts";
import type { Life } from "./life.ts";
import type { SimulatedFlow } from "./store.ts";

/** How a simulated server is to be. */
export interface SimulatedKestraOptions {
  /** @default "2" */
  line?: KestraLine;
  /** Where it is. @default "http://kestra.test" */
  url?: string;
  /** @default one that follows `Date` */
  clock?: ServerClock;
  /** The flows that it knows. */
  flows?: readonly SimulatedFlow[];
  /** What goes wrong. @default nothing */
  faults?: FaultPlan;
  /** How far the search lags behind. @default 0 */
  indexLagMs?: number | (() => number);
  /** For how long after its start an execution cannot be read. @default 0 */
  unreadableMs?: number;
  /** By how much the clock of the node that takes a start is off. @default 0 */
  nodeSkewMs?: () => number;
  /** By how much the server's clock is off from ours. @default 0 */
  clockSkewMs?: number;
  /** How a killed execution goes on; `[]` for a kill that hangs. @default KILLING, and KILLED after 20 ms */
  killedLife?: Life;
  /** How long after the last change a stream says `end`. @default 0 */
  endDelayMs?: number;
  /** How long an answer takes. @default 1 */
  latencyMs?: number | ((request: SimulatedRequest) => number);
  /** The `authorization` header that it wants; `undefined` for none. */
  authorization?: string;
}

/** What has gone over the wire. */
export interface Traffic {
  requests: number;
  rows: number;
  bytes: number;
  /** Of searches and streams. */
  watchingBytes: number;
  byRoute: Partial<Record<Route, number>>;
}

/** Nothing yet. */
export const noTraffic = (): Traffic => ({
  requests: 0,
  rows: 0,
  bytes: 0,
  watchingBytes: 0,
  byRoute: {},
});
