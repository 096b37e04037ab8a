import type { Snapshot } from '../../../registry/snapshot.js';
import { byRows } from './byRows.js';
import type { SingleModel } from './model.js';

/** How much faster than in the whole profile an older item fades: the best of 0, 1/4, 1 and 4 on MovieLens latest-small. */
const FADING = 4;

/**
 * Item-kNN (Sarwar et al. 2001; Deshpande and Karypis 2004): the sum of an item's similarities to everything the person
 * liked, newer items weighing more. What is like nothing they liked follows by popularity.
 */
export function itemKnn({ neighbours, popularOrder }: Pick<Snapshot, 'neighbours' | 'popularOrder'>): SingleModel {
  return { name: 'item-kNN', rank: byRows(neighbours, FADING, popularOrder) };
}
