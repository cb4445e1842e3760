import { z } from "zod";
import { jobEnds } from "./fine-tuning.ts";
import type { Fate } from "./lifecycle.ts";
import type { MatchInput } from "./match-store.ts";
import { createRandom } from "./random.ts";
import { arenaRoutes } from "./routes.ts";
import { matchModes } from "./types.ts";

const routeFault = z.strictObject({
  /** A route as `arenaRoutes` names it, or `*` for all of them. */
  route: z.enum(["*", ...arenaRoutes]),
  /**
   * `status`: an error answer. `slow`: the answer comes late. `reset`: the connection is cut.
   * `malformed`: text that is cut off in the middle of its JSON. `wrong-shape`: JSON that means nothing.
   */
  kind: z.enum(["status", "slow", "reset", "malformed", "wrong-shape"]),
  /** The status of a `status` fault. */
  status: z.number().int().min(400).max(599).default(503),
  /** How late a `slow` answer is. */
  delayMs: z.number().min(0).default(1000),
  /** Only this many calls from now on; all of them without it. */
  first: z.number().int().min(0).optional(),
  /** How likely a call is hit (0–1), drawn with the arena's seed. */
  probability: z.number().min(0).max(1).default(1),
  /** Whether the call has its effect all the same, and at once: just its answer is lost or late. */
  hasEffect: z.boolean().default(false),
});

const matchFault = z.strictObject({
  kind: z.enum(["never-ends", "cancelled"]),
  /** Only this many matches of each combination from now on; all of them without it. */
  first: z.number().int().min(0).optional(),
  /** How many rounds a `cancelled` match plays before. */
  afterRounds: z.number().int().min(0).default(0),
  /** Only matches with this agent or mode. */
  redAgentId: z.uuid().optional(),
  blueAgentId: z.uuid().optional(),
  targetAgentId: z.uuid().optional(),
  mode: z.enum(matchModes).optional(),
});

export const faultsSchema = z.strictObject({
  routes: z.array(routeFault).default([]),
  matches: z.array(matchFault).default([]),
  /** What becomes of fine-tuning jobs from now on. `unknown`: no Oumi API is configured. */
  fineTuning: z.enum(jobEnds).default("succeeds"),
  /** Today's backend: a match that is started while another one runs ends as `cancelled`. */
  oneAtATime: z.boolean().optional(),
});

/** What is to go wrong; every part may be left out. */
export type ArenaFaults = z.input<typeof faultsSchema>;
type Settled = z.output<typeof faultsSchema>;
export type RouteFault = Settled["routes"][number];
type MatchFault = Settled["matches"][number];

export interface FaultInjector {
  /** Replaces all faults and starts their counts anew. @throws Error for a fault that does not exist */
  set(faults: ArenaFaults): void;
  current(): Settled;
  /** The faults that hit this call of a route. */
  forCall(route: string): RouteFault[];
  /** How a new match is to end, if not by itself. */
  forMatch(match: MatchInput): Fate | undefined;
}

export function createFaultInjector(seed: number, faults: ArenaFaults): FaultInjector {
  let current = parseFaults(faults);
  let counts = new Map<string, number>();

  function countUp(key: string): number {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  }

  function hitsCall(fault: RouteFault, index: number): boolean {
    const call = countUp(`route/${index}`);
    if (call > (fault.first ?? Number.POSITIVE_INFINITY)) return false;
    return createRandom(seed, "fault", index, call).chance(fault.probability);
  }

  function hitsMatch(fault: MatchFault, index: number, match: MatchInput): boolean {
    if (!concerns(fault, match)) return false;
    const { red, blue, target, mode } = match;
    const number = countUp(["match", index, red.id, blue.id, target.id, mode].join("/"));
    return number <= (fault.first ?? Number.POSITIVE_INFINITY);
  }

  return {
    set(next) {
      current = parseFaults(next);
      counts = new Map();
    },
    current: () => current,
    forCall: (route) =>
      current.routes.filter(
        (fault, index) => (fault.route === "*" || fault.route === route) && hitsCall(fault, index),
      ),
    forMatch(match) {
      const fault = current.matches.find((candidate, index) => hitsMatch(candidate, index, match));
      if (fault === undefined) return undefined;
      if (fault.kind === "never-ends") return { kind: "never-ends" };
      return { kind: "cancelled", afterRounds: fault.afterRounds, reason: "An injected fault." };
    },
  };
}

function parseFaults(faults: ArenaFaults): Settled {
  const result = faultsSchema.safeParse(faults);
  if (result.success) return result.data;
  throw new Error(`The arena has no such faults:\n${z.prettifyError(result.error)}`);
}

function concerns(fault: MatchFault, { red, blue, target, mode }: MatchInput): boolean {
  return (
    (fault.redAgentId ?? red.id) === red.id &&
    (fault.blueAgentId ?? blue.id) === blue.id &&
    (fault.targetAgentId ?? target.id) === target.id &&
    (fault.mode ?? mode) === mode
  );
}
