import { type Arena, createArena, pagesFor } from './arena.js';
import { BIN_BYTES, paddedWidth } from './layout.js';
import { bindKernels, compileKernels } from './module.js';

/** Rows found by falling inner product, then rising index; both arrays have the same length. */
export interface TopK {
  readonly indices: Int32Array;
  readonly scores: Float32Array;
}

/** Maximum-inner-product search over the rows of a matrix, to which rows can be added. Synchronous. */
export interface Scan {
  readonly size: number;
  readonly dimensions: number;
  /**
   * `query` has `dimensions` finite numbers; rows whose byte in `masked` is not 0 are passed over. Fewer than `k` come
   * back only when fewer rows are left.
   */
  topK(query: Float32Array, k: number, masked?: Uint8Array): TopK;
  /** Inner products of the given rows with the query, in their order, to `out`. */
  dots(query: Float32Array, rows: Int32Array, out: Float32Array): void;
  /** Adds whole rows at the end. */
  append(vectors: Float32Array): void;
}

/**
 * From so many numbers on the first pass reads bytes instead of floats, since memory is what it waits for. The best
 * are scored again exactly.
 */
export const BYTES_FROM = 2 ** 21;

/** How many more than asked for are scored exactly: rounding to bytes misplaces some. */
const SPARE = 64;

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
  const open = (capacity: number) => {
    const room = layOut(capacity, dimensions, bytes);
    return { ...room, call: bindKernels(module, room.arena.memory) };
  };
  let size = rowsIn(vectors, 'createScan');
  let room = open(size);
  const fill = (from: number, numbers: Float32Array) => {
    const { matrix, width, rowBytes, byteWidth, quantised, scales, call } = room;
    const rows = numbers.length / dimensions;
    for (let row = 0; row < rows; row++) {
      matrix.set(numbers.subarray(row * dimensions, (row + 1) * dimensions), (from + row) * width);
    }
    const start = matrix.byteOffset + from * rowBytes;
    if (quantised !== 0) {
      call(
        'quantiseRows',
        start,
        rows,
        rowBytes,
        dimensions,
        quantised + from * byteWidth,
        byteWidth,
        scales + from * 4,
      );
    }
  };
  fill(0, vectors);

  const setQuery = (query: Float32Array) => {
    if (query.length !== dimensions) {
      throw new RangeError(`the query has ${query.length} numbers, the rows have ${dimensions}`);
    }
    for (const value of query) {
      if (!Number.isFinite(value)) throw new RangeError('the query holds a number that is not finite');
    }
    room.target.set(query);
  };
  /** All rows by bytes or floats into `scores`. */
  const scoreAll = () => {
    const { matrix, target, scores, rowBytes, byteWidth, quantised, scales, queryBytes, queryScale, call } = room;
    if (quantised === 0) {
      call('multiplyRows', matrix.byteOffset, paddedWidth(size), rowBytes, target.byteOffset, scores.byteOffset);
      return;
    }
    call('quantiseRows', target.byteOffset, 1, rowBytes, dimensions, queryBytes, byteWidth, queryScale);
    call('multiplyBytes', quantised, size, byteWidth, queryBytes, scales, scores.byteOffset);
  };
  const select = (count: number, k: number, ids: number): number => {
    const { scores, bins, keys, bestIds, bestScores, call } = room;
    return call('select', scores.byteOffset, ids, count, k, bins, keys, bestIds.byteOffset, bestScores.byteOffset);
  };

  return {
    get size() {
      return size;
    },
    dimensions,
    topK(query, k, masked) {
      setQuery(query);
      scoreAll();
      const { matrix, target, scores, rowBytes, admitted, mask, quantised, bestIds, bestScores, call } = room;
      let count = size;
      let ids = 0;
      if (masked !== undefined) {
        mask.set(masked.subarray(0, size));
        count = call('admitRows', scores.byteOffset, mask.byteOffset, size, admitted.byteOffset);
        ids = admitted.byteOffset;
      }
      const wanted = Math.min(k, count);
      let found = select(count, quantised === 0 ? wanted : Math.min(count, wanted + (wanted >> 1) + SPARE), ids);
      if (quantised !== 0) {
        admitted.set(bestIds.subarray(0, found));
        const exact = scores.byteOffset;
        call('gatherDots', matrix.byteOffset, rowBytes, admitted.byteOffset, found, target.byteOffset, exact);
        found = select(found, wanted, admitted.byteOffset);
      }
      return { indices: bestIds.slice(0, found), scores: bestScores.slice(0, found) };
    },
    dots(query, rows, out) {
      setQuery(query);
      const { matrix, target, scores, rowBytes, admitted, call } = room;
      for (let from = 0; from < rows.length; from += size) {
        const some = rows.subarray(from, from + size);
        admitted.set(some);
        const to = scores.byteOffset;
        call('gatherDots', matrix.byteOffset, rowBytes, admitted.byteOffset, some.length, target.byteOffset, to);
        out.set(scores.subarray(0, some.length), from);
      }
    },
    append(numbers) {
      const more = rowsIn(numbers, 'append');
      if (size + more > room.capacity) {
        const old = room;
        room = open(Math.ceil((size + more) * 1.25));
        room.matrix.set(old.matrix.subarray(0, size * old.width));
        const { matrix, rowBytes, byteWidth, quantised, scales, call } = room;
        if (quantised !== 0) {
          call('quantiseRows', matrix.byteOffset, size, rowBytes, dimensions, quantised, byteWidth, scales);
        }
      }
      fill(size, numbers);
      size += more;
    },
  };
}

/** Where everything lies. A pointer of 0 stands for what a scan by floats does not need. */
function layOut(capacity: number, dimensions: number, bytes: boolean) {
  const width = paddedWidth(dimensions);
  const rows = paddedWidth(capacity);
  const rowBytes = width * 4;
  const byteWidth = Math.ceil(dimensions / 16) * 16;
  const arena: Arena = createArena(
    pagesFor(
      rows * rowBytes,
      bytes ? rows * byteWidth : 0,
      bytes ? rows * 4 : 0,
      rowBytes,
      byteWidth,
      4,
      rows * 4,
      BIN_BYTES,
      rows * 8,
      rows,
      ...Array.from({ length: 3 }, () => rows * 4),
    ),
  );
  return {
    arena,
    capacity,
    width,
    rowBytes,
    byteWidth,
    matrix: arena.float32(rows * width),
    quantised: bytes ? arena.scratch(rows * byteWidth) : 0,
    scales: bytes ? arena.scratch(rows * 4) : 0,
    target: arena.float32(width),
    queryBytes: arena.scratch(byteWidth),
    queryScale: arena.scratch(4),
    scores: arena.float32(rows),
    bins: arena.scratch(BIN_BYTES),
    keys: arena.scratch(rows * 8),
    mask: arena.uint8(rows),
    admitted: arena.int32(rows),
    bestIds: arena.int32(rows),
    bestScores: arena.float32(rows),
  };
}
