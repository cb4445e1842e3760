import { z } from "zod";
import type { ArenaFaults } from "./faults.ts";

/** How a sample arena is made; every option may be left out. */
export interface ArenaOptions {
  /** Decides agents, strengths, outcomes and texts. @default 1 */
  seed?: number;
  /** How many red agents there are. @default 3 */
  red?: number;
  /** How many blue agents there are. @default 3 */
  blue?: number;
  /** How many target agents there are. @default 2 */
  targets?: number;
  /**
   * Wall time by the arena's own time. At 0.2 a quick match takes about a second; at 0 a match is
   * complete as soon as it is created (continuous ones never are).
   * @default 0.2
   */
  timeScale?: number;
  /** The spread of a match's common effect on its attacks, in logits; 0 makes attacks independent. @default 0.6 */
  matchEffectDeviation?: number;
  /** What fine-tuning adds to an agent's strength, in logits; may be negative. @default 0.5 */
  tuningBoost?: number;
  /** A match that is started while another one runs ends as `cancelled`, as in today's backend. @default false */
  oneAtATime?: boolean;
  /** Takes alerts; without it `POST /api/alerts` answers 404, as today's backend does. @default false */
  alerts?: boolean;
  /** Says `completed` of matches and jobs where it would say `complete` and `succeeded`. @default false */
  saysCompleted?: boolean;
  /** Plants halves of surrogate pairs in texts. @default false */
  loneSurrogates?: boolean;
  /** Demands `Authorization: Bearer <apiKey>` on every route of the API. @default none */
  apiKey?: string;
  /** What goes wrong from the start. @default nothing */
  faults?: ArenaFaults;
  /** The clock, in ms since 1970. @default Date.now */
  now?: () => number;
}

export type ArenaSettings = Required<Omit<ArenaOptions, "apiKey">> & { apiKey: string | undefined };

const numbers = z.object({
  seed: z.number().int(),
  red: z.number().int().min(1),
  blue: z.number().int().min(1),
  targets: z.number().int().min(1),
  timeScale: z.number().min(0),
  matchEffectDeviation: z.number().min(0),
  tuningBoost: z.number(),
});

/** The options with their defaults. @throws Error for a number that makes no sense */
export function settle(options: ArenaOptions): ArenaSettings {
  const settings: ArenaSettings = {
    seed: 1,
    red: 3,
    blue: 3,
    targets: 2,
    timeScale: 0.2,
    matchEffectDeviation: 0.6,
    tuningBoost: 0.5,
    oneAtATime: false,
    alerts: false,
    saysCompleted: false,
    loneSurrogates: false,
    faults: {},
    now: Date.now,
    apiKey: undefined,
    ...options,
  };
  const checked = numbers.safeParse(settings);
  if (checked.success) return settings;
  throw new Error(`The arena cannot be made like this:\n${z.prettifyError(checked.error)}`);
}
