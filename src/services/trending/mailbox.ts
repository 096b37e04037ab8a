import { CurioError } from '../../domain/errors.js';

/** Updates that may wait for one reader. There is at most one a second. */
export const MOST_WAITING = 8;

/** What waits for one reader. */
export interface Mailbox<T> {
  /** False when the reader is too slow: it gets what waits no more, only the reason. */
  put(update: T): boolean;
  readonly reader: AsyncGenerator<T, void, void>;
}

/** A bounded queue with one reader. `onEnd` is called once, when either side ends it. */
export function createMailbox<T>(onEnd: () => void): Mailbox<T> {
  let waiting: T[] = [];
  let wake: ((result: IteratorResult<T, void>) => void) | null = null;
  let fail: ((error: Error) => void) | null = null;
  let failure: CurioError | null = null;
  let ended = false;

  const end = () => {
    if (ended) return;
    ended = true;
    waiting = [];
    onEnd();
  };
  const reader: AsyncGenerator<T, void, void> = {
    async next() {
      if (failure !== null) {
        const error = failure;
        failure = null;
        throw error;
      }
      const first = waiting.shift();
      if (first !== undefined) return { done: false, value: first };
      if (ended) return { done: true, value: undefined };
      return new Promise((resolve, reject) => {
        wake = resolve;
        fail = reject;
      });
    },
    async return() {
      end();
      wake?.({ done: true, value: undefined });
      wake = null;
      return { done: true, value: undefined };
    },
    async throw(error) {
      end();
      fail?.(error instanceof Error ? error : new Error(String(error)));
      wake = null;
      throw error;
    },
    [Symbol.asyncIterator]: () => reader,
  };

  return {
    reader,
    put(update) {
      if (ended) return false;
      if (wake !== null) {
        const give = wake;
        wake = null;
        give({ done: false, value: update });
        return true;
      }
      if (waiting.length < MOST_WAITING) {
        waiting.push(update);
        return true;
      }
      failure = new CurioError('TIMEOUT', `Too slow: ${MOST_WAITING} updates were waiting to be read`);
      end();
      return false;
    },
  };
}
