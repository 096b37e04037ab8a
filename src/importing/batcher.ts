export interface Batcher<T> {
  /** Takes rows; waits while enough batches are on their way, which is what keeps memory flat. */
  add(rows: readonly T[]): Promise<void>;
  /** Writes what is left and waits for all of it. */
  end(): Promise<void>;
}

export interface BatcherOptions<T> {
  readonly size: number;
  /** How many batches may be on their way at once; 1 keeps their order. */
  readonly inFlight: number;
  readonly write: (batch: readonly T[]) => Promise<void>;
}

/** Cuts rows into batches and writes several at once. The first failed write fails the next call. */
export function createBatcher<T>({ size, inFlight, write }: BatcherOptions<T>): Batcher<T> {
  let waiting: T[] = [];
  const writing = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | null = null;

  const start = async (batch: readonly T[]) => {
    while (writing.size >= inFlight) await Promise.race(writing);
    if (failure !== null) throw failure.error;
    const task: Promise<void> = write(batch)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => writing.delete(task));
    writing.add(task);
  };

  return {
    async add(rows) {
      for (const row of rows) {
        waiting.push(row);
        if (waiting.length < size) continue;
        const batch = waiting;
        waiting = [];
        await start(batch);
      }
    },
    async end() {
      const batch = waiting;
      waiting = [];
      if (batch.length > 0) await start(batch);
      await Promise.all(writing);
      if (failure !== null) throw failure.error;
    },
  };
}
