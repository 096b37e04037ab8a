import { grownInt32 } from '../../../registry/room.js';
import type { NamedColumn } from '../../../registry/snapshot.js';

/** A named column that grows. */
export interface GrowingNames {
  put(row: number, name: string | null): void;
  /** As it is now, of `size` rows. Names that came later may be among its names; none of its rows has them. */
  column(size: number): NamedColumn;
}

export function growNames(base: NamedColumn, owner: object): GrowingNames {
  const names = [...base.names];
  let codes = grownInt32(base.codes, base.codes.length, owner);
  let codeOf: Map<string, number> | null = null;

  const lookUp = (name: string): number => {
    codeOf ??= new Map(names.map((one, code) => [one, code]));
    const code = codeOf.get(name);
    if (code !== undefined) return code;
    codeOf.set(name, names.length);
    return names.push(name) - 1;
  };
  return {
    put(row, name) {
      if (row >= codes.length) codes = grownInt32(codes, row + 1, owner);
      codes[row] = name === null ? -1 : lookUp(name);
    },
    column: (size) => ({ names, codes: codes.subarray(0, size) }),
  };
}
