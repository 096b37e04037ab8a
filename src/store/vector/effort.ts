import type { FaissKind } from './faiss.js';

/** Bytes of what every index begins with: its name, dimensions, count, two fillers, whether it is trained, its metric. */
const HEADER = 4 + 4 + 3 * 8 + 1 + 4;

/**
 * How much of an index a search looks at, in a copy of its serialised form, which is the only way in that the binding
 * leaves: `nprobe` of inverted lists, `efSearch` of a graph (FAISS 1.7, `index_write.cpp`).
 * @throws Error when the bytes are not those of such an index.
 */
export function withEffort(serialised: Buffer, kind: FaissKind, effort: number): Buffer {
  const bytes = Buffer.from(serialised);
  const name = bytes.toString('latin1', 0, 4);
  const wanted = kind === 'ivf' ? 'IwFl' : 'IHNf';
  if (name !== wanted) throw new Error(`a FAISS index of ${wanted} was expected, not of ${name}`);
  if (kind === 'ivf') bytes.writeBigUInt64LE(BigInt(effort), HEADER + 8);
  else bytes.writeInt32LE(effort, efSearchAt(bytes));
  return bytes;
}

/** Behind five vectors of numbers, each after its length, and three numbers of four bytes. */
function efSearchAt(bytes: Buffer): number {
  let at = HEADER;
  for (const width of [8, 4, 4, 8, 4]) at += 8 + Number(bytes.readBigUInt64LE(at)) * width;
  return at + 3 * 4;
}
