import type { ShownList } from '../../src/domain/shown.js';

let made = 0;

/** A list of one item that was shown, and what a test says of it. */
export function shownList(parts: Partial<ShownList> = {}): ShownList {
  const { itemIds = ['i'] } = parts;
  return {
    tenant: 't',
    requestId: `list ${++made}`,
    userId: 'u',
    sessionId: null,
    surface: 'home',
    modelVersion: 'm',
    variant: null,
    degraded: 'NONE',
    context: null,
    scores: itemIds.map((_, at) => 1 - at / 4),
    propensities: itemIds.map(() => 1),
    sources: itemIds.map(() => 's'),
    features: null,
    createdAt: 1,
    ...parts,
    itemIds,
  };
}
