// A thread that holds one FAISS index: building and searching are synchronous in the binding.
import { parentPort, workerData } from 'node:worker_threads';
import { withEffort } from './effort.js';
import { loadFaiss } from './faiss.js';
import type { FaissAnswer, FaissCall, FaissOptions } from './faissThread.js';

/** Rows handed over at a time: the binding takes arrays of numbers, eight times the size of our floats. */
const CHUNK_ROWS = 8_192;
/** FAISS wants 39 to 256 rows to learn where a list lies. */
const ROWS_PER_LIST = 64;
const LINKS = 32;
const INNER_PRODUCT = 0;

const options: unknown = workerData;
if (!isOptions(options)) throw new TypeError('this file is started by faissThread.ts');
const { vectors, dimensions, kind, effort } = options;
const faiss = loadFaiss();
if (faiss === null) throw new Error('the native FAISS is not there');
const answer = (message: FaissAnswer) => parentPort?.postMessage(message);

const rows = vectors.length / dimensions;
/** Four times the root of the rows, a power of two: 4,096 lists for a million. */
const lists = 2 ** Math.round(Math.log2(Math.max(1, 4 * Math.sqrt(rows))));
const built = faiss.Index.fromFactory(
  dimensions,
  kind === 'ivf' ? `IVF${lists},Flat` : `HNSW${LINKS},Flat`,
  INNER_PRODUCT,
);
if (kind === 'ivf') built.train(sample(Math.min(rows, lists * ROWS_PER_LIST)));
add(built, vectors);
const index = faiss.Index.fromBuffer(withEffort(built.toBuffer(), kind, effort));
answer({ ready: true });

parentPort?.on('message', (call: FaissCall) => {
  if ('append' in call) {
    add(index, call.append);
    return;
  }
  try {
    const { labels } = index.search(Array.from(call.query), Math.min(call.k, index.ntotal()));
    answer({ call: call.call, rows: Int32Array.from(labels.filter((label) => label >= 0)) });
  } catch (error) {
    answer({ call: call.call, error });
  }
});

function add(to: typeof built, more: Float32Array): void {
  for (let at = 0; at < more.length; at += CHUNK_ROWS * dimensions) {
    to.add(Array.from(more.subarray(at, at + CHUNK_ROWS * dimensions)));
  }
}

/** Rows at even distances. */
function sample(count: number): number[] {
  const numbers: number[] = [];
  for (let n = 0; n < count; n++) {
    const row = Math.floor((n * rows) / count);
    for (let k = 0; k < dimensions; k++) numbers.push(vectors[row * dimensions + k] ?? 0);
  }
  return numbers;
}

function isOptions(value: unknown): value is FaissOptions {
  return typeof value === 'object' && value !== null && 'vectors' in value && value.vectors instanceof Float32Array;
}
