import type { Item } from '../../src/domain/entities.js';
import { createShelf } from '../../src/engine/live/items/shelf.js';
import type { Snapshot } from '../../src/registry/snapshot.js';

/** The edition of a version after these changes, in their order. */
export function editionWith(base: Snapshot, items: readonly Item[]): Snapshot {
  const shelf = createShelf(base);
  for (const item of items) shelf.put(item);
  return shelf.edition();
}
