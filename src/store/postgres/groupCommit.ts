import { isDataError } from './retry.js';

export interface GroupCommitOptions<T, R> {
  /** Writes items of several callers at once; answers one result for each, in order. */
  readonly write: (items: readonly T[]) => Promise<readonly R[]>;
  /** Two items with the same key never share a group: the later one must see what became of the earlier. */
  readonly keyOf: (item: T) => string;
  readonly maxItems: number;
  /** Groups on their way at the same time. */
  readonly maxInFlight: number;
}

export interface GroupCommit<T, R> {
  /** Resolves once the items are written. Their keys must be distinct. */
  add(items: readonly T[]): Promise<R[]>;
  /** Waits until everything added so far is written or has failed. */
  drain(): Promise<void>;
}

interface Call<T, R> {
  readonly items: readonly T[];
  readonly resolve: (results: R[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets concurrent callers share one write: while a group is on its way the next one gathers, so that groups grow
 * with the load and a lone caller waits for nobody. When values of one caller cannot be stored, the group is halved
 * until only that caller fails.
 */
export function createGroupCommit<T, R>({
  write,
  keyOf,
  maxItems,
  maxInFlight,
}: GroupCommitOptions<T, R>): GroupCommit<T, R> {
  let queue: Call<T, R>[] = [];
  let scheduled = false;
  const inFlight = new Set<Promise<void>>();

  function takeGroup(): Call<T, R>[] {
    const keys = new Set<string>();
    let size = 0;
    let count = 0;
    for (const call of queue) {
      if (count > 0 && size + call.items.length > maxItems) break;
      const own = call.items.map(keyOf);
      if (own.some((key) => keys.has(key))) break;
      for (const key of own) keys.add(key);
      size += call.items.length;
      count += 1;
    }
    const group = queue.slice(0, count);
    queue = queue.slice(count);
    return group;
  }

  function pump(): void {
    scheduled = false;
    while (queue.length > 0 && inFlight.size < maxInFlight) {
      const writing = commit(takeGroup()).finally(() => {
        inFlight.delete(writing);
        schedule();
      });
      inFlight.add(writing);
    }
  }

  /** After what is ready to run now, so that calls made in the same turn of the event loop go together. */
  function schedule(): void {
    if (scheduled || queue.length === 0) return;
    scheduled = true;
    setImmediate(pump);
  }

  async function commit(group: readonly Call<T, R>[]): Promise<void> {
    try {
      const results = await write(group.flatMap((call) => call.items));
      let from = 0;
      for (const call of group) {
        call.resolve(results.slice(from, from + call.items.length));
        from += call.items.length;
      }
    } catch (error) {
      if (group.length > 1 && isDataError(error)) {
        const middle = group.length >> 1;
        await commit(group.slice(0, middle));
        await commit(group.slice(middle));
      } else {
        for (const call of group) call.reject(error);
      }
    }
  }

  return {
    add: (items) =>
      new Promise((resolve, reject) => {
        queue.push({ items, resolve, reject });
        schedule();
      }),
    async drain() {
      while (queue.length > 0 || inFlight.size > 0) {
        if (inFlight.size > 0) await Promise.all(inFlight);
        else await new Promise((turn) => setImmediate(turn));
      }
    },
  };
}
