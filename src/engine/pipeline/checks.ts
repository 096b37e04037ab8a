import type { Candidates, Found } from '../../domain/candidates.js';
import type { Hydrated, Reranked, Scored, Sifted } from './stages.js';

/** A component broke its contract. The message names it and both numbers. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

/** At most `quota` of what a source found. */
export function checkFound(name: string, quota: number, found: Found): Found {
  sameLength(name, 'scores', found.scores.length, found.items.length);
  noNaN(name, found.scores);
  if (found.items.length <= quota) return found;
  return { items: found.items.subarray(0, quota), scores: found.scores.subarray(0, quota) };
}

export function checkHydrated(name: string, candidates: Candidates, hydrated: Hydrated): void {
  sameItems(name, candidates.items, hydrated.items);
  for (const [column, values] of hydrated.columns) {
    sameLength(name, `values of "${column}"`, values.length, candidates.items.length);
  }
}

export function checkSifted(name: string, candidates: Candidates, { kept, removed, reasons }: Sifted): void {
  const size = candidates.items.length;
  sameLength(name, 'kept and removed', kept.length + removed.length, size);
  sameLength(name, 'reasons', reasons.length, removed.length);
  eachRowOnce(name, size, [kept, removed]);
}

export function checkScored(name: string, candidates: Candidates, { items, scores }: Scored): void {
  sameItems(name, candidates.items, items);
  sameLength(name, 'scores', scores.length, items.length);
  noNaN(name, scores);
}

export function checkRanked(name: string, candidates: Candidates, { order, scores, propensities }: Reranked): void {
  const size = candidates.items.length;
  sameLength(name, 'rows', order.length, size);
  sameLength(name, 'scores', scores.length, size);
  noNaN(name, scores);
  eachRowOnce(name, size, [order]);
  if (propensities === undefined) return;
  sameLength(name, 'propensities', propensities.length, size);
  for (const propensity of propensities) {
    if (!(propensity > 0 && propensity <= 1)) throw new ContractError(`${name} gave ${propensity} as a propensity`);
  }
}

function sameLength(name: string, what: string, got: number, expected: number): void {
  if (got !== expected) throw new ContractError(`${name} gave ${got} ${what} for ${expected}`);
}

function sameItems(name: string, expected: Int32Array, got: Int32Array): void {
  if (got === expected) return;
  sameLength(name, 'candidates', got.length, expected.length);
  const at = got.findIndex((item, row) => item !== expected[row]);
  if (at >= 0) throw new ContractError(`${name} gave item ${got[at]} at row ${at} where ${expected[at]} stands`);
}

function noNaN(name: string, scores: Float32Array): void {
  for (let row = 0; row < scores.length; row++) {
    if (Number.isNaN(scores[row]))
      throw new ContractError(`${name} gave NaN as the score of row ${row} of ${scores.length}`);
  }
}

function eachRowOnce(name: string, size: number, parts: readonly Int32Array[]): void {
  const seen = new Uint8Array(size);
  for (const rows of parts) {
    for (const row of rows) {
      if (row < 0 || row >= size) throw new ContractError(`${name} gave row ${row} of ${size}`);
      if (seen[row] === 1) throw new ContractError(`${name} gave row ${row} of ${size} twice`);
      seen[row] = 1;
    }
  }
}
