/** A dense square matrix, row by row. */
export type Matrix = Float64Array[];

/** Gives a zero matrix of that size. */
export function zeroMatrix(size: number): Matrix {
  return Array.from({ length: size }, () => new Float64Array(size));
}

/** Gives the inverse of a symmetric positive definite matrix (Cholesky), or null if it is not one. */
export function invertSymmetric(matrix: Matrix): Matrix | null {
  const lower = cholesky(matrix);
  if (lower === null) return null;
  const inverse = zeroMatrix(matrix.length);
  for (let column = 0; column < matrix.length; column += 1) {
    const unit = new Float64Array(matrix.length);
    unit[column] = 1;
    const solved = substitute(lower, unit);
    for (let row = 0; row < matrix.length; row += 1) at(inverse, row)[column] = num(solved, row);
  }
  return inverse;
}

/** Solves `matrix · x = right` for a symmetric positive definite matrix, or gives null if it is not one. */
export function solveSymmetric(matrix: Matrix, right: Float64Array): Float64Array | null {
  const lower = cholesky(matrix);
  return lower === null ? null : substitute(lower, right);
}

/** Gives the product of a matrix and a vector. */
export function multiply(matrix: Matrix, vector: Float64Array): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}

/** Gives the sum of the products. */
export function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += num(a, i) * num(b, i);
  return total;
}

function cholesky(matrix: Matrix): Matrix | null {
  const size = matrix.length;
  const lower = zeroMatrix(size);
  for (let i = 0; i < size; i += 1) {
    const row = at(lower, i);
    for (let j = 0; j <= i; j += 1) {
      const other = at(lower, j);
      let value = num(at(matrix, i), j);
      for (let k = 0; k < j; k += 1) value -= num(row, k) * num(other, k);
      if (i !== j) row[j] = value / num(other, j);
      else if (value > 1e-13 * Math.max(1, num(at(matrix, i), i))) row[i] = Math.sqrt(value);
      else return null;
    }
  }
  return lower;
}

function substitute(lower: Matrix, right: Float64Array): Float64Array {
  const size = lower.length;
  const x = Float64Array.from(right);
  for (let i = 0; i < size; i += 1) {
    const row = at(lower, i);
    for (let k = 0; k < i; k += 1) x[i] = num(x, i) - num(row, k) * num(x, k);
    x[i] = num(x, i) / num(row, i);
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < size; k += 1) x[i] = num(x, i) - num(at(lower, k), i) * num(x, k);
    x[i] = num(x, i) / num(at(lower, i), i);
  }
  return x;
}

function at(matrix: Matrix, row: number): Float64Array {
  return matrix[row] as Float64Array;
}

function num(vector: Float64Array, index: number): number {
  return vector[index] as number;
}
