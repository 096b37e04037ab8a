import DataLoader from 'dataloader';
import { awayError } from '../../domain/errors.js';
import { atMost, Late } from '../../domain/within.js';

/** Ids per store call; a page never comes near it, a hostile query is cut into several calls. */
const MAX_BATCH_SIZE = 1_000;

/**
 * Batches and remembers reads by id for one request, which ends with `signal`. `read` keeps the order and length of the ids; where
 * it takes longer than `deadlineMs` it is stopped, what was asked for fails with TIMEOUT, and the rest of the answer does not wait.
 */
export function entityLoader<T>(
  read: (ids: readonly string[], signal: AbortSignal) => Promise<T[]>,
  deadlineMs: number,
  signal?: AbortSignal,
): DataLoader<string, T> {
  const inTime = async (ids: readonly string[]): Promise<T[]> => {
    try {
      return await atMost(deadlineMs, (until) => read(ids, until), signal);
    } catch (error) {
      throw error instanceof Late ? awayError() : error;
    }
  };
  return new DataLoader(inTime, { maxBatchSize: MAX_BATCH_SIZE });
}
