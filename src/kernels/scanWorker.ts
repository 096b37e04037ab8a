// A thread that searches: the second lane of every matrix it is shown is its own.
import { parentPort, workerData } from 'node:worker_threads';
import { bindKernels } from './module.js';
import { type Room, search } from './scanRoom.js';
import type { ScanAnswer, ScanCall } from './scanThread.js';

const LANE = 1;

const { module } = workerData;
if (!(module instanceof WebAssembly.Module)) throw new TypeError('this file is started by src/kernels/scanThread.ts');
const answer = (message: ScanAnswer) => parentPort?.postMessage(message);
let room: Room | null = null;

parentPort?.on('message', ({ call, room: other, size, query, k, masked }: ScanCall) => {
  try {
    if (other !== null) room = { ...other, call: bindKernels(module, other.memory) };
    if (room === null) throw new Error('there is nothing to search in yet');
    answer({ call, found: search(room, LANE, size, query, k, masked) });
  } catch (error) {
    answer({ call, error });
  }
});
