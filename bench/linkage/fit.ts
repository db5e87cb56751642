import { logistic } from '../../domain/linkage/score';
import type { Weights } from '../../domain/linkage/weights';

export interface Example {
  features: readonly number[];
  same: boolean;
}

/** Keeps weights small where the examples say little. */
const ridge = 1;
const mostRounds = 25;
const closeEnough = 1e-4;

/** Fits a logistic regression by Newton's method (iteratively reweighted least squares), the same weights for the same examples. */
export function fitWeights<Feature extends string>(
  examples: readonly Example[],
  features: readonly (readonly [Feature, string])[],
): Weights<Feature> {
  const size = features.length + 1;
  const rows = examples.map(({ features: values, same }) => {
    const row = Float64Array.of(1, ...values);
    return { row, used: [...row.keys()].filter((at) => row[at] !== 0), same: same ? 1 : 0 };
  });
  let fitted = new Float64Array(size);
  for (let round = 0; round < mostRounds; round += 1) {
    const gradient = fitted.map((value, at) => (at === 0 ? 0 : -ridge * value));
    const curvature = Array.from({ length: size }, (_, at) => {
      const line = new Float64Array(size);
      line[at] = at === 0 ? 1e-9 : ridge;
      return line;
    });
    for (const { row, used, same } of rows) {
      let odds = 0;
      for (const at of used) odds += (fitted[at] ?? 0) * (row[at] ?? 0);
      const chance = logistic(odds);
      for (const i of used) {
        const value = row[i] ?? 0;
        gradient[i] = (gradient[i] ?? 0) + (same - chance) * value;
        const line = curvature[i] as Float64Array;
        const scale = chance * (1 - chance) * value;
        for (const j of used) line[j] = (line[j] ?? 0) + scale * (row[j] ?? 0);
      }
    }
    const step = solve(curvature, gradient);
    fitted = fitted.map((value, at) => value + (step[at] ?? 0));
    if (Math.max(...step.map(Math.abs)) < closeEnough) break;
  }
  const named = [['bias'] as const, ...features].map(([name], at) => [name, fitted[at] ?? 0]);
  return Object.fromEntries(named) as Weights<Feature>;
}

/** Solves a symmetric system by Gaussian elimination with pivots. */
function solve(matrix: Float64Array[], right: Float64Array): number[] {
  const rows = matrix.map((line, at) => [...line, right[at] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot] as number[], rows[column] as number[]];
    const top = rows[column] as number[];
    for (let row = 0; row < size; row += 1) {
      const line = rows[row] as number[];
      const factor = (line[column] ?? 0) / (top[column] ?? 1);
      if (row === column || factor === 0) continue;
      for (let at = column; at <= size; at += 1) line[at] = (line[at] ?? 0) - factor * (top[at] ?? 0);
    }
  }
  return rows.map((line, at) => (line[size] ?? 0) / (line[at] ?? 1));
}
