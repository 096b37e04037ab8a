// A thread of the pool: takes blocks of rows off the shared counter until there are none left.
import { parentPort, workerData } from 'node:worker_threads';
import { bindKernels } from './module.js';
import type { JobMessage } from './pool.js';

const { module, memory } = workerData;
if (!(module instanceof WebAssembly.Module && memory instanceof WebAssembly.Memory)) {
  throw new TypeError('this file is started by src/kernels/pool.ts');
}
const call = bindKernels(module, memory);

parentPort?.on('message', ({ kernel, args, count, block, counter }: JobMessage) => {
  const next = new Int32Array(memory.buffer, counter, 1);
  for (let from = Atomics.add(next, 0, 1) * block; from < count; from = Atomics.add(next, 0, 1) * block) {
    call(kernel, ...args, from, Math.min(from + block, count));
  }
  parentPort?.postMessage(null);
});
