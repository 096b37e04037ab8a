import { Worker } from 'node:worker_threads';
import { workerUrl } from '../domain/workerUrl.js';
import type { Places, Room, TopK } from './scanRoom.js';

/** What the thread is asked. */
export interface ScanCall {
  readonly call: number;
  /** Where to search from now on; null for where the call before did. */
  readonly room: { readonly memory: WebAssembly.Memory; readonly places: Places } | null;
  readonly size: number;
  readonly query: Float32Array;
  readonly k: number;
  readonly masked: Uint8Array | undefined;
}

export type ScanAnswer =
  | { readonly call: number; readonly found: TopK }
  | { readonly call: number; readonly error: unknown };

interface Waiting {
  readonly resolve: (found: TopK) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread that searches matrices in shared memory, so that a long search does not hold the event loop. */
export function openScanThread(module: WebAssembly.Module): {
  topK(room: Room, size: number, query: Float32Array, k: number, masked: Uint8Array | undefined): Promise<TopK>;
  dispose(): void;
} {
  const worker = new Worker(workerUrl(import.meta.url, './scanWorker.js'), { workerData: { module } });
  const calls = new Map<number, Waiting>();
  let next = 0;
  let shown: Room | null = null;
  worker.unref();
  const fail = (error: unknown) => {
    for (const { reject } of calls.values()) reject(error);
    calls.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread ended while it searched')));
  worker.on('message', (answer: ScanAnswer) => {
    const waiting = calls.get(answer.call);
    calls.delete(answer.call);
    if (calls.size === 0) worker.unref();
    if ('found' in answer) waiting?.resolve(answer.found);
    else waiting?.reject(answer.error);
  });
  return {
    topK: (room, size, query, k, masked) =>
      new Promise((resolve, reject) => {
        const call = next++;
        calls.set(call, { resolve, reject });
        worker.ref();
        const { memory, places } = room;
        const message: ScanCall = { call, room: room === shown ? null : { memory, places }, size, query, k, masked };
        shown = room;
        worker.postMessage(message);
      }),
    dispose() {
      void worker.terminate();
    },
  };
}
