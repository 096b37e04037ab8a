import { placeByContent } from '../../features/content/place.js';
import { breathe } from '../breathe.js';
import type { ItemVectors } from './contentMap.js';

/** Items that are placed before giving way. */
const AT_ONCE = 200;

/**
 * The factors of a model with those of little-known items drawn towards where content says they belong:
 *
 *     (n · own + k · said) / (n + k)
 *
 * for an item that n people met; one that nobody met stands where content says. An item that says nothing keeps its own.
 */
export async function placeNewItems(options: {
  readonly content: ItemVectors;
  readonly model: ItemVectors;
  /** See `placeByContent`. */
  readonly map: Float32Array;
  readonly metBy: Int32Array;
  /** k: after so many people content and people count the same. */
  readonly halfKnown: number;
}): Promise<Float32Array> {
  const { content, model, map, metBy, halfKnown } = options;
  const { dimensions: d, itemFactors } = model;
  const placed = itemFactors.slice();
  for (let item = 0; item < metBy.length; item++) {
    if (item % AT_ONCE === 0) await breathe();
    const vector = content.itemFactors.subarray(item * content.dimensions, (item + 1) * content.dimensions);
    if (vector.every((value) => value === 0)) continue;
    const count = metBy[item] ?? 0;
    const share = count === 0 ? 1 : halfKnown / (count + halfKnown);
    if (share === 0) continue;
    const said = placeByContent(map, vector);
    for (let k = 0; k < d; k++) {
      const at = item * d + k;
      placed[at] = (1 - share) * (itemFactors[at] ?? 0) + share * (said[k] ?? 0);
    }
  }
  return placed;
}
