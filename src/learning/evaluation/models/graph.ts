import type { Snapshot } from '../../../registry/snapshot.js';
import { byRows } from './byRows.js';
import type { SingleModel } from './model.js';

/** How fast older items fade; see `itemKnn`. */
const FADING = 1;

/** The item graph alone: where short walks from everything the person liked arrive. Null for a version without one. */
export function graph({ graph: rows, popularOrder }: Pick<Snapshot, 'graph' | 'popularOrder'>): SingleModel | null {
  return rows === null ? null : { name: 'graph', rank: byRows(rows, FADING, popularOrder) };
}
