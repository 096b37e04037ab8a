/** Room behind an array, as a share of it: as many items as come between two trainings. Costs nothing until written. */
const SHARE = 1 / 8;
const LEAST_BYTES = 64 * 2 ** 10;

/**
 * Memory of one array that begins with it, with room behind, so that rows can be added without copying those that are
 * there. What lies behind the array is zero.
 */
export class RoomyBuffer extends ArrayBuffer {
  #owner: object | null = null;

  /** @param bytes of the array itself */
  constructor(bytes: number) {
    super(8 * Math.ceil((bytes * (1 + SHARE) + LEAST_BYTES) / 8));
  }

  /** Whether `owner` is the one who may write to the array and behind it: whoever asked first. */
  isOf(owner: object): boolean {
    this.#owner ??= owner;
    return this.#owner === owner;
  }
}

/**
 * The array with `length` numbers, for `owner` to write to: in place where it is theirs and has room, else a copy that
 * is. New numbers are zero.
 */
export function grownFloat32(array: Float32Array, length: number, owner: object): Float32Array {
  const buffer = roomFor(array, length, owner);
  if (buffer !== null) return new Float32Array(buffer, 0, length);
  const copy = new Float32Array(new RoomyBuffer(length * 4), 0, length);
  copy.set(array);
  return own(copy, owner);
}

export function grownFloat64(array: Float64Array, length: number, owner: object): Float64Array {
  const buffer = roomFor(array, length, owner);
  if (buffer !== null) return new Float64Array(buffer, 0, length);
  const copy = new Float64Array(new RoomyBuffer(length * 8), 0, length);
  copy.set(array);
  return own(copy, owner);
}

export function grownInt32(array: Int32Array, length: number, owner: object): Int32Array {
  const buffer = roomFor(array, length, owner);
  if (buffer !== null) return new Int32Array(buffer, 0, length);
  const copy = new Int32Array(new RoomyBuffer(length * 4), 0, length);
  copy.set(array);
  return own(copy, owner);
}

type Numbers = Float32Array | Float64Array | Int32Array;

function roomFor({ buffer, byteOffset, BYTES_PER_ELEMENT }: Numbers, length: number, owner: object) {
  if (!(buffer instanceof RoomyBuffer) || byteOffset !== 0) return null;
  return length * BYTES_PER_ELEMENT <= buffer.byteLength && buffer.isOf(owner) ? buffer : null;
}

function own<T extends Numbers>(array: T, owner: object): T {
  if (array.buffer instanceof RoomyBuffer) array.buffer.isOf(owner);
  return array;
}
