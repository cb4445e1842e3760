import { type Matrix, multiply, solveSymmetric, zeroMatrix } from "./linear-algebra.ts";

const MAXIMUM_STEPS = 100;
const TOLERANCE = 1e-11;

/** `successes` of `trials` at logit Σ sign · θ[index]; a draw counts as half a success. */
export interface LogitObservation {
  indexes: readonly number[];
  signs: readonly number[];
  successes: number;
  trials: number;
}

/** What holds the parameters in place besides the data. */
export interface LogitPenalty {
  /** 1/σ² of each parameter's normal prior; 0 for a flat one. */
  precisions: readonly number[];
  /** Sets of parameters that sum to 0: pins a direction on which the data say nothing. */
  zeroSums: readonly (readonly number[])[];
}

/** A fit, or the last step of one that did not converge (separated data). */
export interface LogitFit {
  theta: Float64Array;
  /** The penalised information matrix at θ. */
  information: Matrix;
  hasConverged: boolean;
}

/** Maximises the penalised likelihood of a logit model (Newton's method with halved steps). */
export function fitLogit(
  observations: readonly LogitObservation[],
  penalty: LogitPenalty,
): LogitFit {
  let theta = new Float64Array(penalty.precisions.length);
  let value = objective(observations, penalty, theta);
  for (let step = 0; step < MAXIMUM_STEPS; step += 1) {
    const { gradient, information } = derivatives(observations, penalty, theta);
    const direction = solveSymmetric(information, gradient);
    if (direction === null) return { theta, information, hasConverged: false };
    const next = lineSearch(observations, penalty, theta, direction, value);
    const moved = next.theta.reduce((most, x, i) => Math.max(most, Math.abs(x - at(theta, i))), 0);
    theta = next.theta;
    value = next.value;
    if (moved < TOLERANCE) return { theta, information, hasConverged: isSettled(theta) };
  }
  const { information } = derivatives(observations, penalty, theta);
  return { theta, information, hasConverged: false };
}

/** Gives P(success) of an observation's terms under θ, 0–1. */
export function probability(
  theta: Float64Array,
  { indexes, signs }: Pick<LogitObservation, "indexes" | "signs">,
): number {
  let logit = 0;
  for (let k = 0; k < indexes.length; k += 1) logit += at(signs, k) * at(theta, at(indexes, k));
  return 1 / (1 + Math.exp(-logit));
}

/** Gives Σ over clusters of score · scoreᵀ: the middle of the sandwich. One observation is one cluster. */
export function scoreProducts(
  observations: readonly LogitObservation[],
  theta: Float64Array,
): Matrix {
  const products = zeroMatrix(theta.length);
  for (const observation of observations) {
    const residual = observation.successes - observation.trials * probability(theta, observation);
    addOuter(products, observation, residual * residual);
  }
  return products;
}

/** Gives bread · middle · bread: the covariance of the parameters under clustering. */
export function sandwich(bread: Matrix, middle: Matrix): Matrix {
  // bread is symmetric, so its rows are its columns.
  const half = bread.map((row) => multiply(middle, row));
  return half.map((row) => multiply(bread, row));
}

/** Gives the variance of the contrast weights · θ under a covariance. */
export function contrastVariance(covariance: Matrix, weights: Float64Array): number {
  const used = [...weights.keys()].filter((i) => weights[i] !== 0);
  let variance = 0;
  for (const i of used) {
    for (const j of used) variance += at(weights, i) * at(weights, j) * at(row(covariance, i), j);
  }
  return variance;
}

function row(matrix: Matrix, index: number): Float64Array {
  return matrix[index] as Float64Array;
}

function derivatives(
  observations: readonly LogitObservation[],
  { precisions, zeroSums }: LogitPenalty,
  theta: Float64Array,
): { gradient: Float64Array; information: Matrix } {
  const information = zeroMatrix(theta.length);
  const gradient = new Float64Array(theta.length);
  for (const observation of observations) {
    const p = probability(theta, observation);
    const residual = observation.successes - observation.trials * p;
    observation.indexes.forEach((index, k) => {
      gradient[index] = at(gradient, index) + at(observation.signs, k) * residual;
    });
    addOuter(information, observation, observation.trials * p * (1 - p));
  }
  precisions.forEach((precision, i) => {
    gradient[i] = at(gradient, i) - precision * at(theta, i);
    const row = information[i] as Float64Array;
    row[i] = at(row, i) + precision;
  });
  for (const group of zeroSums) {
    const total = group.reduce((sum, i) => sum + at(theta, i), 0);
    const ones = group.map(() => 1);
    for (const i of group) gradient[i] = at(gradient, i) - total;
    addOuter(information, { indexes: group, signs: ones }, 1);
  }
  return { gradient, information };
}

function lineSearch(
  observations: readonly LogitObservation[],
  penalty: LogitPenalty,
  theta: Float64Array,
  direction: Float64Array,
  value: number,
): { theta: Float64Array<ArrayBuffer>; value: number } {
  for (let scale = 1; scale > 1e-8; scale /= 2) {
    const next = theta.map((x, i) => x + scale * at(direction, i));
    const nextValue = objective(observations, penalty, next);
    // At the optimum a step changes the value by rounding alone.
    if (nextValue >= value - 1e-9) return { theta: next, value: nextValue };
  }
  return { theta: Float64Array.from(theta), value };
}

function objective(
  observations: readonly LogitObservation[],
  { precisions, zeroSums }: LogitPenalty,
  theta: Float64Array,
): number {
  let value = 0;
  for (const { indexes, signs, successes, trials } of observations) {
    let logit = 0;
    for (let k = 0; k < indexes.length; k += 1) logit += at(signs, k) * at(theta, at(indexes, k));
    // ln(1 + e^logit) without overflow.
    value +=
      successes * logit - trials * (Math.max(0, logit) + Math.log1p(Math.exp(-Math.abs(logit))));
  }
  precisions.forEach((precision, i) => {
    value -= (precision * at(theta, i) ** 2) / 2;
  });
  for (const group of zeroSums) value -= group.reduce((sum, i) => sum + at(theta, i), 0) ** 2 / 2;
  return value;
}

function addOuter(
  matrix: Matrix,
  { indexes, signs }: Pick<LogitObservation, "indexes" | "signs">,
  weight: number,
): void {
  for (let a = 0; a < indexes.length; a += 1) {
    const row = matrix[at(indexes, a)] as Float64Array;
    for (let b = 0; b < indexes.length; b += 1) {
      const column = at(indexes, b);
      row[column] = at(row, column) + weight * at(signs, a) * at(signs, b);
    }
  }
}

function isSettled(theta: Float64Array): boolean {
  return theta.every((value) => Math.abs(value) < 15);
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}
