import { Worker } from 'node:worker_threads';
import { workerUrl } from '../domain/workerUrl.js';
import { type Arena, createArena } from './arena.js';
import { compileKernels, type KernelName } from './module.js';

/** One kernel over the rows 0..count-1. It is called as `kernel(...args, scratch, from, to)` for blocks of rows. */
export interface KernelJob {
  readonly kernel: KernelName;
  readonly args: readonly number[];
  readonly count: number;
  /** Rows per call. What a kernel makes of a block must not depend on which thread runs it or when. */
  readonly block: number;
  /** Bytes each thread needs for itself, zero at the start; null for a kernel that takes none. */
  readonly scratchBytes: number | null;
}

/** What a worker is sent to do its share of a job. `counter` points at the number of the next block. */
export interface JobMessage {
  readonly kernel: KernelName;
  readonly args: readonly number[];
  readonly count: number;
  readonly block: number;
  readonly counter: number;
}

/**
 * Threads that run kernels over shared memory. The caller's thread only waits, so its event loop stays free. Results
 * do not depend on the number of threads.
 */
export interface KernelPool {
  readonly threads: number;
  /** Lends the memory to one caller at a time; what was allocated is gone when `use` settles. */
  borrow<T>(use: (arena: Arena) => Promise<T>): Promise<T>;
  /** Runs one job at a time, inside `borrow`. */
  run(job: KernelJob): Promise<void>;
  dispose(): Promise<void>;
}

export function openPool({ threads }: { readonly threads: number }): KernelPool {
  const module = compileKernels();
  const arena = createArena();
  const workers = Array.from(
    { length: threads },
    () => new Worker(workerUrl(import.meta.url, './worker.js'), { workerData: { module, memory: arena.memory } }),
  );
  let failure: Error | null = null;
  for (const worker of workers) {
    worker.unref();
    worker.on('error', (error) => {
      failure = error instanceof Error ? error : new Error(String(error));
    });
  }
  let borrowed = false;

  return {
    threads,
    async borrow(use) {
      if (borrowed) throw new Error('the memory of the kernels is lent to one caller at a time');
      borrowed = true;
      const mark = arena.mark();
      try {
        return await use(arena);
      } finally {
        arena.release(mark);
        borrowed = false;
      }
    },
    async run({ kernel, args, count, block, scratchBytes }) {
      if (failure) throw failure;
      const mark = arena.mark();
      const counter = arena.int32(1).byteOffset;
      await Promise.all(
        workers.map((worker) => {
          const own = scratchBytes === null ? [] : [arena.scratch(scratchBytes)];
          const message: JobMessage = { kernel, args: [...args, ...own], count, block, counter };
          return share(worker, message);
        }),
      );
      arena.release(mark);
    },
    async dispose() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** Resolves when the worker has no more blocks to take; keeps the process alive until then. */
function share(worker: Worker, message: JobMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null) => {
      worker.off('message', onDone).off('error', onError).off('exit', onExit).unref();
      if (error) reject(error);
      else resolve();
    };
    const onDone = () => settle(null);
    const onError = (error: unknown) => settle(error instanceof Error ? error : new Error(String(error)));
    const onExit = () => settle(new Error(`a thread ended while it ran ${message.kernel}`));
    worker.on('message', onDone).on('error', onError).on('exit', onExit).ref();
    worker.postMessage(message);
  });
}
