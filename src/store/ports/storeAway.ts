/**
 * The store behind a port cannot be reached at the moment; the operation may or may not have happened. It comes back
 * by itself. Callers answer in a poorer way, or rebuild later.
 */
export class StoreAway extends Error {
  override readonly name = 'StoreAway';
}
