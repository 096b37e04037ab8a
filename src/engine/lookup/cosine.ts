import { factorRow } from '../../features/factorRow.js';
import type { Factors } from '../../features/feature.js';

/** Cosine of the factors of two items, -1 to 1; 0 where one of them has none. */
export function cosine(model: Factors, a: number, b: number): number {
  const { dimensions: d, itemFactors } = model;
  const fromA = factorRow(model, a) * d;
  const fromB = factorRow(model, b) * d;
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (let k = 0; k < d; k++) {
    const x = itemFactors[fromA + k] ?? 0;
    const y = itemFactors[fromB + k] ?? 0;
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  if (squareA === 0 || squareB === 0) return 0;
  return Math.min(1, Math.max(-1, dot / Math.sqrt(squareA * squareB)));
}
