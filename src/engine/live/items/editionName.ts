import { createHash } from 'node:crypto';
import type { Item } from '../../../domain/entities.js';
import { normaliseTag } from '../../../registry/itemTable.js';

/** A name for all that came since a version was made: the same on every node that knows of the same. */
export interface EditionName {
  /** What the item says now, and its vector where there is one. */
  note(item: Item, vector: Float32Array | null): void;
  noteHidden(id: string): void;
  toString(): string;
}

/** The order in which things came leaves no trace: their digests are added up. */
export function createEditionName(): EditionName {
  const digests = new Map<string, bigint>();
  let sum = 0n;
  const put = (id: string, digest: bigint) => {
    sum ^= digest ^ (digests.get(id) ?? 0n);
    digests.set(id, digest);
  };
  return {
    note({ id, kind, category, authorId, tags, createdAt }, vector) {
      const said = [id, kind, category, authorId, [...new Set(tags.map(normaliseTag))].sort(), createdAt.getTime()];
      put(id, digestOf(JSON.stringify(said), vector ?? new Float32Array(0)));
    },
    noteHidden: (id) => put(id, digestOf(JSON.stringify([id, 'hidden']), new Float32Array(0))),
    toString: () => sum.toString(36),
  };
}

function digestOf(text: string, vector: Float32Array): bigint {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return createHash('sha256').update(text).update(bytes).digest().readBigUInt64LE();
}
