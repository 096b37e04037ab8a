import { MAXIMUM_PAGES, PAGE_BYTES } from './module.js';

const ALIGNMENT = 64;
/** Nothing lives at address 0, so that 0 can stand for "none". */
const START = ALIGNMENT;

/**
 * Arrays in memory that the kernels and every thread share. All are zero when given out. The `byteOffset` of an array is
 * its pointer. They stay valid until they are released.
 */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  float32(length: number): Float32Array;
  float64(length: number): Float64Array;
  int32(length: number): Int32Array;
  uint8(length: number): Uint8Array;
  /** `length` bytes for a kernel's own use; answers the pointer. */
  scratch(bytes: number): number;
  /** A place to `release` to. */
  mark(): number;
  /** Takes back everything that was given out since `mark`. */
  release(mark: number): void;
}

/** `pages` fixes the size for an owner who knows it; without it the memory grows up to 4 GiB. */
export function createArena(pages?: number): Arena {
  const memory = new WebAssembly.Memory({ initial: pages ?? 1, maximum: pages ?? MAXIMUM_PAGES, shared: true });
  let next = START;
  const take = (bytes: number): number => {
    const pointer = next;
    next = Math.ceil((pointer + bytes) / ALIGNMENT) * ALIGNMENT;
    const missing = Math.ceil((next - memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) grow(memory, missing);
    new Uint8Array(memory.buffer, pointer, bytes).fill(0);
    return pointer;
  };
  return {
    memory,
    float32(length) {
      const pointer = take(length * 4);
      return new Float32Array(memory.buffer, pointer, length);
    },
    float64(length) {
      const pointer = take(length * 8);
      return new Float64Array(memory.buffer, pointer, length);
    },
    int32(length) {
      const pointer = take(length * 4);
      return new Int32Array(memory.buffer, pointer, length);
    },
    uint8(length) {
      const pointer = take(length);
      return new Uint8Array(memory.buffer, pointer, length);
    },
    scratch: take,
    mark: () => next,
    release(mark) {
      next = mark;
    },
  };
}

/** Pages for arrays of the given sizes in bytes. */
export function pagesFor(...sizes: readonly number[]): number {
  const bytes = sizes.reduce((sum, size) => sum + Math.ceil(size / ALIGNMENT) * ALIGNMENT, START);
  return Math.ceil(bytes / PAGE_BYTES);
}

function grow(memory: WebAssembly.Memory, pages: number): void {
  try {
    memory.grow(pages);
  } catch (cause) {
    const wanted = Math.round((memory.buffer.byteLength + pages * PAGE_BYTES) / 2 ** 20);
    throw new RangeError(`the kernels cannot have ${wanted} MiB of memory; the most is 4,096`, { cause });
  }
}
