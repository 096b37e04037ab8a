import { type Arena, createArena, pagesFor } from './arena.js';
import { BIN_BYTES, paddedWidth } from './layout.js';
import type { bindKernels } from './module.js';

/** Rows found by falling inner product, then rising index; both arrays have the same length. */
export interface TopK {
  readonly indices: Int32Array;
  readonly scores: Float32Array;
}

/** Where the rows of a scan lie, in bytes from the start of its memory. Can be sent to a thread. */
export interface Places {
  readonly capacity: number;
  readonly dimensions: number;
  /** Bytes from one row to the next, as floats. */
  readonly rowBytes: number;
  readonly matrix: number;
  /** Bytes of a row in bytes; the rows and what a byte of each stands for are at 0 where it scans by floats. */
  readonly byteWidth: number;
  readonly quantised: number;
  readonly scales: number;
  /** One for each thread that searches. */
  readonly lanes: readonly Lane[];
}

/** What one search at a time writes to. */
interface Lane {
  readonly target: number;
  readonly queryBytes: number;
  readonly queryScale: number;
  readonly scores: number;
  readonly bins: number;
  readonly keys: number;
  readonly mask: number;
  readonly admitted: number;
  readonly bestIds: number;
  readonly bestScores: number;
}

/** A matrix in memory and the kernels over it. */
export interface Room {
  readonly memory: WebAssembly.Memory;
  readonly places: Places;
  readonly call: ReturnType<typeof bindKernels>;
}

/** How many more than asked for are scored exactly: rounding to bytes misplaces some. */
const SPARE = 64;
const LANES = 2;

/** Memory for `capacity` rows. */
export function layOut(
  capacity: number,
  dimensions: number,
  bytes: boolean,
): { readonly memory: WebAssembly.Memory; readonly places: Places } {
  const rows = paddedWidth(capacity);
  const rowBytes = paddedWidth(dimensions) * 4;
  const byteWidth = Math.ceil(dimensions / 16) * 16;
  const matrix = [rows * rowBytes, ...(bytes ? [rows * byteWidth, rows * 4] : [])];
  const lane = [rowBytes, byteWidth, 4, rows * 4, BIN_BYTES, rows * 8, rows, rows * 4, rows * 4, rows * 4];
  const arena: Arena = createArena(pagesFor(...matrix, ...Array.from({ length: LANES }, () => lane).flat()));
  const take = arena.scratch;
  return {
    memory: arena.memory,
    places: {
      capacity,
      dimensions,
      rowBytes,
      matrix: take(rows * rowBytes),
      byteWidth,
      quantised: bytes ? take(rows * byteWidth) : 0,
      scales: bytes ? take(rows * 4) : 0,
      lanes: Array.from({ length: LANES }, () => ({
        target: take(rowBytes),
        queryBytes: take(byteWidth),
        queryScale: take(4),
        scores: take(rows * 4),
        bins: take(BIN_BYTES),
        keys: take(rows * 8),
        mask: take(rows),
        admitted: take(rows * 4),
        bestIds: take(rows * 4),
        bestScores: take(rows * 4),
      })),
    },
  };
}

/** Writes whole rows from row `from` on, as floats and, where the first pass reads them, as bytes. */
export function writeRows({ memory, places, call }: Room, from: number, vectors: Float32Array): void {
  const { dimensions, rowBytes, matrix, byteWidth, quantised, scales } = places;
  const rows = vectors.length / dimensions;
  const start = matrix + from * rowBytes;
  const floats = new Float32Array(memory.buffer, start, (rows * rowBytes) / 4);
  if (rowBytes === dimensions * 4) floats.set(vectors);
  else {
    for (let row = 0; row < rows; row++) {
      floats.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), (row * rowBytes) / 4);
    }
  }
  if (quantised !== 0) {
    call('quantiseRows', start, rows, rowBytes, dimensions, quantised + from * byteWidth, byteWidth, scales + from * 4);
  }
}

/** The best `k` of the first `size` rows, those whose byte in `masked` is not 0 passed over. */
export function search(
  { memory, places, call }: Room,
  lane: number,
  size: number,
  query: Float32Array,
  k: number,
  masked: Uint8Array | undefined,
): TopK {
  const own = laneOf(places, lane);
  const { dimensions, rowBytes, matrix, byteWidth, quantised, scales } = places;
  const { target, scores, admitted, bestIds, bestScores } = own;
  const select = (count: number, wanted: number, ids: number): number =>
    call('select', scores, ids, count, wanted, own.bins, own.keys, bestIds, bestScores);

  new Float32Array(memory.buffer, target, dimensions).set(query);
  if (quantised === 0) {
    call('multiplyRows', matrix, paddedWidth(size), rowBytes, target, scores);
  } else {
    call('quantiseRows', target, 1, rowBytes, dimensions, own.queryBytes, byteWidth, own.queryScale);
    call('multiplyBytes', quantised, size, byteWidth, own.queryBytes, scales, scores);
  }
  let count = size;
  if (masked !== undefined) {
    new Uint8Array(memory.buffer, own.mask, size).set(masked.subarray(0, size));
    count = call('admitRows', scores, own.mask, size, admitted);
  }
  const ids = masked === undefined ? 0 : admitted;
  const wanted = Math.min(k, count);
  let found = select(count, quantised === 0 ? wanted : Math.min(count, wanted + (wanted >> 1) + SPARE), ids);
  if (quantised !== 0) {
    new Int32Array(memory.buffer, admitted, found).set(new Int32Array(memory.buffer, bestIds, found));
    call('gatherDots', matrix, rowBytes, admitted, found, target, scores);
    found = select(found, wanted, admitted);
  }
  return {
    indices: new Int32Array(memory.buffer, bestIds, found).slice(),
    scores: new Float32Array(memory.buffer, bestScores, found).slice(),
  };
}

/** Inner products of the given rows with the query, in their order, to `out`. */
export function dots({ memory, places, call }: Room, query: Float32Array, rows: Int32Array, out: Float32Array): void {
  const { capacity, dimensions, rowBytes, matrix } = places;
  const { target, scores, admitted } = laneOf(places, 0);
  new Float32Array(memory.buffer, target, dimensions).set(query);
  for (let from = 0; from < rows.length; from += capacity) {
    const some = rows.subarray(from, from + capacity);
    new Int32Array(memory.buffer, admitted, some.length).set(some);
    call('gatherDots', matrix, rowBytes, admitted, some.length, target, scores);
    out.set(new Float32Array(memory.buffer, scores, some.length), from);
  }
}

function laneOf({ lanes }: Places, lane: number): Lane {
  const own = lanes[lane];
  if (own === undefined) throw new RangeError(`there is no lane ${lane}`);
  return own;
}
