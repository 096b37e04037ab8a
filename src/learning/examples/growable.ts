type Numbers = Int16Array | Int32Array | Float32Array | Float64Array;

/** A typed array that grows by half as it is filled. */
export interface Growable<T extends Numbers> {
  push(value: number): void;
  readonly length: number;
  /** What was pushed, without the spare room. */
  values(): T;
}

/** `make` allocates: `growable((length) => new Int32Array(length))`. */
export function growable<T extends Numbers>(make: (length: number) => T): Growable<T> {
  let array = make(1024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === array.length) {
        const larger = make(Math.ceil(length * 1.5));
        larger.set(array);
        array = larger;
      }
      array[length++] = value;
    },
    values() {
      const exact = make(length);
      for (let i = 0; i < length; i++) exact[i] = array[i] ?? 0;
      return exact;
    },
  };
}
