import type { LogitObservation, LogitPenalty } from "./logit-fit.ts";

/** The three parts that an agent can have in a match. */
export type Side = "red" | "blue" | "target";

/** One match as the rating models see it: by attacks, or by its winner (1, 0.5 or 0 of 1). */
export interface RatedMatch {
  red: string;
  blue: string;
  target: string;
  successes: number;
  trials: number;
}

/** Where each agent's parameter stands in logit P(red succeeds) = μ + red − blue + target. */
export interface ArenaModel {
  /** 1 + the number of agents; index 0 is μ. */
  size: number;
  red: ReadonlyMap<string, number>;
  blue: ReadonlyMap<string, number>;
  /** Empty when the target is left out of the model. */
  target: ReadonlyMap<string, number>;
}

/** Lays out the model for these matches; agents are sorted by id, so the order of rows cannot matter. */
export function arenaModel(matches: readonly RatedMatch[], withTarget: boolean): ArenaModel {
  let size = 1;
  const place = (side: Side) =>
    new Map([...new Set(matches.map((match) => match[side]))].sort().map((id) => [id, size++]));
  const red = place("red");
  const blue = place("blue");
  const target: ReadonlyMap<string, number> = withTarget ? place("target") : new Map();
  return { size, red, blue, target };
}

/** Gives each match as an observation of the model. */
export function toObservations(
  model: ArenaModel,
  matches: readonly RatedMatch[],
): LogitObservation[] {
  return matches.map((match) => {
    const indexes = [0, index(model.red, match.red), index(model.blue, match.blue)];
    const signs = [1, 1, -1];
    if (model.target.size > 0) {
      indexes.push(index(model.target, match.target));
      signs.push(1);
    }
    return { indexes, signs, successes: match.successes, trials: match.trials };
  });
}

/** Adds up observations with the same terms: the likelihood is the same, and a fit costs by cell. */
export function pool(observations: readonly LogitObservation[]): LogitObservation[] {
  const cells = new Map<string, LogitObservation>();
  for (const observation of observations) {
    const key = observation.indexes.join();
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, { ...observation });
    else {
      cell.successes += observation.successes;
      cell.trials += observation.trials;
    }
  }
  return [...cells.values()];
}

/** Gives a normal prior of width `sigma` on every agent and none on μ; without `sigma`, sums of zero. */
export function arenaPenalty(model: ArenaModel, sigma: number | null): LogitPenalty {
  const precision = sigma === null ? 0 : 1 / (sigma * sigma);
  const precisions = Array.from({ length: model.size }, (_, i) => (i === 0 ? 0 : precision));
  const groups = [model.red, model.blue, model.target].map((side) => [...side.values()]);
  return { precisions, zeroSums: sigma === null ? groups.filter((g) => g.length > 0) : [] };
}

/** Gives the contrast x_agent − mean of its side. */
export function centredWeights(model: ArenaModel, side: Side, agent: string): Float64Array {
  const weights = new Float64Array(model.size);
  const indexes = [...model[side].values()];
  for (const i of indexes) weights[i] = -1 / indexes.length;
  const own = index(model[side], agent);
  weights[own] = (weights[own] as number) + 1;
  return weights;
}

/** Gives the contrast x_a − x_b of two agents of one side. */
export function differenceWeights(
  model: ArenaModel,
  side: Side,
  a: string,
  b: string,
): Float64Array {
  const weights = new Float64Array(model.size);
  weights[index(model[side], a)] = 1;
  weights[index(model[side], b)] = -1;
  return weights;
}

function index(side: ReadonlyMap<string, number>, agent: string): number {
  const found = side.get(agent);
  if (found === undefined) throw new RangeError(`Agent ${agent} is not in the rating model.`);
  return found;
}
