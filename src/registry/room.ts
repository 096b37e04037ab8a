/** Rows that items may have behind those of a version, between two trainings. */
export const SHELF_ROWS = 8_192;

/** Buffers with room behind their array, and who may write to it: whoever asked first. */
const owners = new WeakMap<ArrayBufferLike, object | null>();

/** Bytes that others can be added behind without a copy. What is behind them is zero, and costs nothing until it is written. */
export function bytesWithRoom(bytes: number, spare: number): Uint8Array<ArrayBuffer> {
  if (spare === 0) return new Uint8Array(bytes);
  const buffer = new ArrayBuffer(8 * Math.ceil((bytes + spare) / 8));
  owners.set(buffer, null);
  return new Uint8Array(buffer, 0, bytes);
}

/**
 * The array with `length` numbers, for `owner` to write behind it: in place where there is room that is theirs, else a copy.
 * New numbers are zero.
 */
export function longerFloat32(array: Float32Array, length: number, owner: object): Float32Array {
  const room = roomFor(array, length, owner);
  if (room !== null) return new Float32Array(room, 0, length);
  const copy = new Float32Array(length);
  copy.set(array);
  return copy;
}

export function longerFloat64(array: Float64Array, length: number, owner: object): Float64Array {
  const room = roomFor(array, length, owner);
  if (room !== null) return new Float64Array(room, 0, length);
  const copy = new Float64Array(length);
  copy.set(array);
  return copy;
}

export function longerInt32(array: Int32Array, length: number, owner: object): Int32Array {
  const room = roomFor(array, length, owner);
  if (room !== null) return new Int32Array(room, 0, length);
  const copy = new Int32Array(length);
  copy.set(array);
  return copy;
}

function roomFor(
  { buffer, byteOffset, BYTES_PER_ELEMENT }: Float32Array | Float64Array | Int32Array,
  length: number,
  owner: object,
): ArrayBufferLike | null {
  const known = owners.get(buffer);
  if (known === undefined || (known !== null && known !== owner)) return null;
  if (byteOffset !== 0 || length * BYTES_PER_ELEMENT > buffer.byteLength) return null;
  owners.set(buffer, owner);
  return buffer;
}
