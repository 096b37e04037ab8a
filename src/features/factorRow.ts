import type { FactorShelf } from '../registry/snapshot.js';

/** The row of the factors of a model that is the item's. */
export function factorRow({ shelf }: { readonly shelf?: FactorShelf }, item: number): number {
  return shelf?.moved.get(item) ?? item;
}
