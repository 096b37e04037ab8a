import DataLoader from 'dataloader';

/** Ids per store call; a page never comes near it, a hostile query is cut into several calls. */
const MAX_BATCH_SIZE = 1_000;

/** Batches and remembers reads by id for one request. `read` keeps the order and length of the ids. */
export function entityLoader<T>(read: (ids: readonly string[]) => Promise<T[]>): DataLoader<string, T> {
  return new DataLoader(read, { maxBatchSize: MAX_BATCH_SIZE });
}
