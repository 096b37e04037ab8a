import { Worker } from 'node:worker_threads';
import { workerUrl } from '../../domain/workerUrl.js';
import type { Asking, RankedItems } from '../../learning/evaluation/models/model.js';
import type { Rankers } from '../../learning/evaluation/models/rankers.js';

/** What a thread is asked. */
export interface RankCall {
  readonly call: number;
  readonly people: readonly Asking[];
  readonly depth: number;
}

/** What a thread says: its models once they are loaded, then one answer per call. */
export type RankAnswer =
  | { readonly names: readonly string[] }
  | { readonly call: number; readonly lists: readonly (readonly RankedItems[])[] }
  | { readonly call: number; readonly error: unknown };

interface Waiting {
  readonly resolve: (lists: readonly (readonly RankedItems[])[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Runs the models of a version on several threads, each with the version in its own memory. */
export async function openRankThreads(folder: string, threads: number): Promise<Rankers> {
  const opened = await Promise.allSettled(Array.from({ length: threads }, () => openThread(folder)));
  const lanes = opened.flatMap((thread) => (thread.status === 'fulfilled' ? [thread.value] : []));
  const dispose = async () => {
    await Promise.all(lanes.map(({ dispose }) => dispose()));
  };
  const failed = opened.find((thread) => thread.status === 'rejected');
  if (failed !== undefined) {
    await dispose();
    throw failed.reason;
  }
  return {
    names: lanes[0]?.names ?? [],
    threads: lanes.length,
    async rank(people, depth) {
      const [least] = lanes.toSorted((a, b) => a.waiting() - b.waiting());
      if (least === undefined) throw new RangeError('there is no thread to rank on');
      return least.rank(people, depth);
    },
    dispose,
  };
}

interface Thread extends Omit<Rankers, 'threads'> {
  /** Calls that have no answer yet. */
  waiting(): number;
}

function openThread(folder: string): Promise<Thread> {
  const worker = new Worker(workerUrl(import.meta.url, './rankWorker.js'), { workerData: { folder } });
  const calls = new Map<number, Waiting>();
  let next = 0;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      reject(error);
      for (const { reject: refuse } of calls.values()) refuse(error);
      calls.clear();
    };
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('a thread ended while it ranked')));
    worker.on('message', (message: RankAnswer) => {
      if ('names' in message) {
        resolve({
          names: message.names,
          waiting: () => calls.size,
          rank: (people, depth) =>
            new Promise((resolveCall, rejectCall) => {
              const call = next++;
              calls.set(call, { resolve: resolveCall, reject: rejectCall });
              const request: RankCall = { call, people, depth };
              worker.postMessage(request);
            }),
          async dispose() {
            await worker.terminate();
          },
        });
        return;
      }
      const waiting = calls.get(message.call);
      calls.delete(message.call);
      if ('lists' in message) waiting?.resolve(message.lists);
      else waiting?.reject(message.error);
    });
  });
}
