import { bindKernels, compileKernels } from './module.js';
import { dots, layOut, type Room, search, type TopK, writeRows } from './scanRoom.js';
import { openScanThread } from './scanThread.js';

export type { TopK } from './scanRoom.js';

/** Maximum-inner-product search over the rows of a matrix, to which rows can be added. */
export interface Scan {
  readonly size: number;
  readonly dimensions: number;
  /**
   * `query` has `dimensions` finite numbers; rows whose byte in `masked` is not 0 are passed over. Fewer than `k` come
   * back only when fewer rows are left.
   */
  topK(query: Float32Array, k: number, masked?: Uint8Array): TopK;
  /** The same on a thread of its own, which is opened at first use; one search after the other. */
  topKAside(query: Float32Array, k: number, masked?: Uint8Array): Promise<TopK>;
  /** Inner products of the given rows with the query, in their order, to `out`. */
  dots(query: Float32Array, rows: Int32Array, out: Float32Array): void;
  /** Adds whole rows at the end. */
  append(vectors: Float32Array): void;
  /** Ends the thread, if there is one. */
  dispose(): void;
}

/**
 * From so many numbers on the first pass reads bytes instead of floats, since memory is what it waits for. The best
 * are scored again exactly.
 */
export const BYTES_FROM = 2 ** 18;

/** Copies `vectors` (rows × dimensions, row after row, finite) into memory of its own. */
export function createScan(
  vectors: Float32Array,
  dimensions: number,
  { bytes = vectors.length >= BYTES_FROM }: { readonly bytes?: boolean } = {},
): Scan {
  const rowsIn = (numbers: Float32Array, caller: string): number => {
    const rows = numbers.length / dimensions;
    if (Number.isInteger(rows)) return rows;
    throw new RangeError(`${caller}: ${numbers.length} numbers are no whole rows of ${dimensions}`);
  };
  const module = compileKernels();
  const open = (capacity: number): Room => {
    const { memory, places } = layOut(capacity, dimensions, bytes);
    return { memory, places, call: bindKernels(module, memory) };
  };
  const checkQuery = (query: Float32Array) => {
    if (query.length !== dimensions) {
      throw new RangeError(`the query has ${query.length} numbers, the rows have ${dimensions}`);
    }
    for (const value of query) {
      if (!Number.isFinite(value)) throw new RangeError('the query holds a number that is not finite');
    }
  };
  let size = rowsIn(vectors, 'createScan');
  let room = open(size);
  let thread: ReturnType<typeof openScanThread> | null = null;
  writeRows(room, 0, vectors);

  return {
    get size() {
      return size;
    },
    dimensions,
    topK(query, k, masked) {
      checkQuery(query);
      return search(room, 0, size, query, k, masked);
    },
    async topKAside(query, k, masked) {
      checkQuery(query);
      thread ??= openScanThread(module);
      return thread.topK(room, size, query, k, masked);
    },
    dots(query, rows, out) {
      checkQuery(query);
      dots(room, query, rows, out);
    },
    append(numbers) {
      const more = rowsIn(numbers, 'append');
      if (size + more > room.places.capacity) {
        const known = floatsOf(room, size);
        room = open(Math.ceil((size + more) * 1.25));
        writeRows(room, 0, known);
      }
      writeRows(room, size, numbers);
      size += more;
    },
    dispose() {
      thread?.dispose();
      thread = null;
    },
  };
}

/** The rows without their padding. */
function floatsOf({ memory, places: { matrix, rowBytes, dimensions } }: Room, rows: number): Float32Array {
  const padded = new Float32Array(memory.buffer, matrix, (rows * rowBytes) / 4);
  const width = rowBytes / 4;
  if (width === dimensions) return padded;
  const exact = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++)
    exact.set(padded.subarray(row * width, row * width + dimensions), row * dimensions);
  return exact;
}
