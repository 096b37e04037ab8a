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
  /** Scores of those that are admitted. */
  readonly kept: number;
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
/** One in so many scores is looked at to guess what the best are. */
const STRIDE = 16;
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
  const lane = [rowBytes, byteWidth, 4, rows * 4, BIN_BYTES, rows * 8, rows, rows * 4, rows * 4, rows * 4, rows * 4];
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
        kept: take(rows * 4),
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
  room: Room,
  lane: number,
  size: number,
  query: Float32Array,
  k: number,
  masked: Uint8Array | undefined,
): TopK {
  const { memory, places, call } = room;
  const own = laneOf(places, lane);
  const { dimensions, rowBytes, matrix, byteWidth, quantised, scales } = places;
  const { target, scores, admitted, bestIds, bestScores } = own;

  new Float32Array(memory.buffer, target, dimensions).set(query);
  if (masked !== undefined) new Uint8Array(memory.buffer, own.mask, size).set(masked.subarray(0, size));
  const mask = masked === undefined ? 0 : own.mask;
  let found: number;
  if (quantised === 0) {
    call('multiplyRows', matrix, paddedWidth(size), rowBytes, target, scores);
    found = selectAdmitted(room, own, size, mask, k);
  } else {
    call('quantiseRows', target, 1, rowBytes, dimensions, own.queryBytes, byteWidth, own.queryScale);
    call('multiplyBytes', quantised, paddedWidth(size), byteWidth, own.queryBytes, scales, scores);
    found = selectAdmitted(room, own, size, mask, k + (k >> 1) + SPARE);
    new Int32Array(memory.buffer, admitted, found).set(new Int32Array(memory.buffer, bestIds, found));
    call('gatherDots', matrix, rowBytes, admitted, found, target, scores);
    found = selectFrom(room, own, scores, admitted, found, k);
  }
  return {
    indices: new Int32Array(memory.buffer, bestIds, found).slice(),
    scores: new Float32Array(memory.buffer, bestScores, found).slice(),
  };
}

/**
 * The best of the scores of all rows that are not masked. A sample tells what is certainly too little, so that only few rows
 * are looked at closely; where too few are left, because the best are masked, all are.
 */
function selectAdmitted(room: Room, own: Lane, size: number, mask: number, wanted: number): number {
  const { memory, call } = room;
  const { scores, admitted, kept, bestScores } = own;
  const sampled = wanted / STRIDE;
  const rank = Math.ceil(sampled + 3 * Math.sqrt(sampled)) + 2;
  if (rank * STRIDE * 2 < size) {
    const count = call('sampleScores', scores, size, STRIDE, kept);
    selectFrom(room, own, kept, 0, count, rank);
    const threshold = new Float32Array(memory.buffer, bestScores, rank)[rank - 1] ?? 0;
    const above = call('rowsAbove', scores, mask, size, threshold, kept, admitted);
    if (above >= wanted) return selectFrom(room, own, kept, admitted, above, wanted);
  }
  if (mask === 0) return selectFrom(room, own, scores, 0, size, wanted);
  return selectFrom(room, own, scores, admitted, call('admitRows', scores, mask, size, admitted), wanted);
}

/** Score i is that of row `ids[i]`, or of row i where `ids` is 0. Answers how many were found. */
function selectFrom({ call }: Room, own: Lane, scores: number, ids: number, count: number, wanted: number): number {
  return call('select', scores, ids, count, wanted, own.bins, own.keys, own.bestIds, own.bestScores);
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
