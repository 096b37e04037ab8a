import DataLoader from 'dataloader';
import { awayError } from '../../domain/errors.js';
import { Late, within } from '../../domain/within.js';

/** Ids per store call; a page never comes near it, a hostile query is cut into several calls. */
const MAX_BATCH_SIZE = 1_000;

/**
 * Batches and remembers reads by id for one request. `read` keeps the order and length of the ids; where it takes longer than
 * `deadlineMs`, what was asked for fails with TIMEOUT, and the rest of the answer does not wait.
 */
export function entityLoader<T>(
  read: (ids: readonly string[]) => Promise<T[]>,
  deadlineMs: number,
): DataLoader<string, T> {
  const inTime = async (ids: readonly string[]): Promise<T[]> => {
    try {
      return await within(deadlineMs, read(ids));
    } catch (error) {
      throw error instanceof Late ? awayError() : error;
    }
  };
  return new DataLoader(inTime, { maxBatchSize: MAX_BATCH_SIZE });
}
