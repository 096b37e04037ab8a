import { Worker } from 'node:worker_threads';
import { workerUrl } from '../../domain/workerUrl.js';
import type { FaissKind } from './faiss.js';

export type FaissCall =
  | { readonly call: number; readonly query: Float32Array; readonly k: number }
  | { readonly append: Float32Array }
  | { readonly save: true };

export type FaissAnswer =
  | { readonly ready: true }
  | { readonly saved: Uint8Array }
  | { readonly call: number; readonly rows: Int32Array }
  | { readonly call: number; readonly error: unknown };

export interface FaissOptions {
  readonly vectors: Float32Array;
  readonly dimensions: number;
  readonly kind: FaissKind;
  /** `nprobe` or `efSearch`. */
  readonly effort: number;
  /** Where such an index lies, made before; null to make one. */
  readonly file: string | null;
}

export interface FaissThread {
  /** Resolves once the index is built; rejects when it cannot be. */
  readonly ready: Promise<void>;
  /** The rows it proposes, best first by its own arithmetic. */
  search(query: Float32Array, k: number): Promise<Int32Array>;
  append(vectors: Float32Array): void;
  /** As FAISS writes it. Once, before anything is appended. */
  save(): Promise<Uint8Array>;
  dispose(): void;
}

/** Builds and searches a FAISS index on a thread of its own. What it is told while it builds waits. */
export function openFaissThread(options: FaissOptions): FaissThread {
  const worker = new Worker(workerUrl(import.meta.url, './faissWorker.js'), { workerData: options });
  const calls = new Map<number, { resolve: (rows: Int32Array) => void; reject: (error: unknown) => void }>();
  let next = 0;
  let failure: unknown = null;
  const saved = deferred<Uint8Array>();
  worker.unref();
  const ready = new Promise<void>((resolve, reject) => {
    const fail = (error: unknown) => {
      failure = error;
      reject(error);
      saved.reject(error);
      for (const waiting of calls.values()) waiting.reject(error);
      calls.clear();
    };
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('the thread of the index ended')));
    worker.on('message', (answer: FaissAnswer) => {
      if ('ready' in answer) return resolve();
      if ('saved' in answer) return saved.resolve(answer.saved);
      const waiting = calls.get(answer.call);
      calls.delete(answer.call);
      if (calls.size === 0) worker.unref();
      if ('rows' in answer) waiting?.resolve(answer.rows);
      else waiting?.reject(answer.error);
    });
  });
  return {
    ready,
    search: (query, k) =>
      new Promise((resolve, reject) => {
        if (failure !== null) return reject(failure);
        const call = next++;
        calls.set(call, { resolve, reject });
        worker.ref();
        worker.postMessage({ call, query, k } satisfies FaissCall);
      }),
    save() {
      worker.ref();
      worker.postMessage({ save: true } satisfies FaissCall);
      return saved.promise;
    },
    append: (append) => worker.postMessage({ append } satisfies FaissCall),
    dispose() {
      void worker.terminate();
    },
  };
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  // Of what nobody waits for a failure is no error.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
