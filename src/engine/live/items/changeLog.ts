import { grownInt32 } from '../../../registry/room.js';
import type { Growth } from '../../../registry/snapshot.js';

/** Which rows are new or were replaced. */
export interface ChangeLog {
  add(row: number): void;
  /** What has happened up to now to what grew from `base`. */
  since<Base>(base: Base): Growth<Base>;
}

export function createChangeLog(owner: object): ChangeLog {
  const known = new Set<number>();
  let rows: Int32Array = new Int32Array(0);
  let changes: Int32Array = new Int32Array(0);
  return {
    add(row) {
      changes = pushed(changes, row, owner);
      if (known.has(row)) return;
      known.add(row);
      rows = pushed(rows, row, owner);
    },
    since: (base) => ({ base, rows, changes }),
  };
}

function pushed(numbers: Int32Array, number: number, owner: object): Int32Array {
  const longer = grownInt32(numbers, numbers.length + 1, owner);
  longer[numbers.length] = number;
  return longer;
}
