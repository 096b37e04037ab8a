import { createHash } from 'node:crypto';
import type { Item } from '../../../domain/entities.js';

/** What was written since a version was made, as a name: the same on every node that knows of the same. */
export interface Edition {
  /** Whether the item is not as it was when it was last asked about; it counts as known from then on. */
  changes(item: Item): boolean;
  /** Empty where nothing was written. */
  name(): string;
}

/** The order in which the items came leaves no trace: their digests are added up. */
export function createEdition(): Edition {
  const digests = new Map<string, bigint>();
  let sum = 0n;
  return {
    changes(item) {
      const digest = digestOf(item);
      const known = digests.get(item.id);
      if (digest === known) return false;
      sum ^= digest ^ (known ?? 0n);
      digests.set(item.id, digest);
      return true;
    },
    name: () => (digests.size === 0 ? '' : sum.toString(36)),
  };
}

function digestOf(item: Item): bigint {
  return createHash('sha256').update(JSON.stringify(item)).digest().readBigUInt64LE();
}
