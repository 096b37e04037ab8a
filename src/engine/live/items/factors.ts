import { longerFloat32, SHELF_ROWS } from '../../../registry/room.js';
import type { FactorShelf } from '../../../registry/snapshot.js';

/** The factors of a model that rows are added to. Rows that are never written are zero. */
export interface LiveFactors {
  write(row: number, vector: Float32Array): void;
  /** Lets an item have the factors of another row. */
  move(item: number, row: number): void;
  /** Whether the item has these factors now, but for what rounding changes. */
  has(item: number, vector: Float32Array): boolean;
  /** As they are now. */
  of(size: number): { readonly itemFactors: Float32Array; readonly shelf: FactorShelf };
}

const ROUNDING = 1e-4;

export function liveFactors(base: FactorShelf['base'], owner: object): LiveFactors {
  const { dimensions: d } = base;
  const factors = longerFloat32(base.itemFactors, base.itemFactors.length + SHELF_ROWS * d, owner);
  const moved = new Map<number, number>();
  const series = {};
  return {
    write: (row, vector) => factors.set(vector, row * d),
    move: (item, row) => void moved.set(item, row),
    has(item, vector) {
      const from = (moved.get(item) ?? item) * d;
      return vector.every((value, k) => Math.abs(value - (factors[from + k] ?? 0)) < ROUNDING);
    },
    of: (size) => ({ itemFactors: factors.subarray(0, size * d), shelf: { base, moved: new Map(moved), series } }),
  };
}
