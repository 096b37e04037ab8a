// A thread that holds one FAISS index: building and searching are synchronous in the binding.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { withEffort } from './effort.js';
import { type FaissModule, loadFaiss } from './faiss.js';
import type { FaissAnswer, FaissCall, FaissOptions } from './faissThread.js';

type FaissIndex = InstanceType<FaissModule['Index']>;

/** Rows handed over at a time: the binding takes arrays of numbers, eight times the size of our floats. */
const CHUNK_ROWS = 8_192;
/** FAISS wants 39 to 256 rows to learn where a list lies. */
const ROWS_PER_LIST = 64;
const LINKS = 32;
const INNER_PRODUCT = 0;

const options: unknown = workerData;
if (!isOptions(options)) throw new TypeError('this file is started by faissThread.ts');
const { vectors, dimensions, kind, effort, file } = options;
const faiss = loadFaiss();
if (faiss === null) throw new Error('the native FAISS is not there');
const answer = (message: FaissAnswer) => parentPort?.postMessage(message);

const rows = vectors.length / dimensions;
/** Four times the root of the rows, a power of two: 4,096 lists for a million. */
const lists = 2 ** Math.round(Math.log2(Math.max(1, 4 * Math.sqrt(rows))));
const index = (file === null ? null : readIndex(faiss, file)) ?? open(faiss, build(faiss));
answer({ ready: true });

parentPort?.on('message', (call: FaissCall) => {
  if ('append' in call) return add(index, call.append);
  if ('save' in call) return answer({ saved: index.toBuffer() });
  try {
    const { labels } = index.search(Array.from(call.query), Math.min(call.k, index.ntotal()));
    answer({ call: call.call, rows: Int32Array.from(labels.filter((label) => label >= 0)) });
  } catch (error) {
    answer({ call: call.call, error });
  }
});

/** Null where the file is gone, or holds another kind or other rows: then it is built. */
function readIndex(from: FaissModule, file: string): FaissIndex | null {
  try {
    const read = open(from, readFileSync(file));
    return read.ntotal() === rows && read.getDimension() === dimensions ? read : null;
  } catch {
    return null;
  }
}

function open({ Index }: FaissModule, serialised: Buffer): FaissIndex {
  return Index.fromBuffer(withEffort(serialised, kind, effort));
}

function build({ Index }: FaissModule): Buffer {
  const made = Index.fromFactory(dimensions, kind === 'ivf' ? `IVF${lists},Flat` : `HNSW${LINKS},Flat`, INNER_PRODUCT);
  if (kind === 'ivf') made.train(sample(Math.min(rows, lists * ROWS_PER_LIST)));
  add(made, vectors);
  return made.toBuffer();
}

function add(to: FaissIndex, more: Float32Array): void {
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
