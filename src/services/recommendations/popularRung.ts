import { NO_EVIDENCE } from '../../engine/explain/evidence.js';
import type { PersonState } from '../../engine/live/personStates.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { MayShow } from './entityFilter.js';
import { itemsById } from './present.js';
import type { StoredList } from './storedList.js';
import type { ItemLookup, RecommendRequest } from './types.js';

/** How far down the list of popular items this rung looks. */
export const DEPTH = 500;
/** Positive actions at which the score is one half: the same for every list, so that scores compare. */
const HALF_AT = 100;
/** No model ranks this. */
export const NO_MODEL = 'none';

/**
 * Rung three of the ladder: what is popular by the plain counts of the store. Needs no model. `mayShow` is null when
 * nothing but hiding could keep an item out, which whoever presents the list looks at anyway.
 */
export async function popularRung(
  entities: Pick<EntityStore, 'popularItems'>,
  request: RecommendRequest,
  person: PersonState | null,
  mayShow: MayShow | null,
  lookup: ItemLookup,
): Promise<StoredList> {
  const { tenant, filter, excludeIds, excludeSeen } = request;
  const out = new Set([...excludeIds, ...idsOut(person, excludeSeen)]);
  const least = filter?.minPopularity ?? 0;
  const popular = (await entities.popularItems(tenant, DEPTH)).filter(
    ({ id, popularity }) => !out.has(id) && popularity >= least,
  );
  const known = mayShow === null ? null : await itemsById(new Set(popular.map(({ id }) => id)), lookup);
  const passed = popular.filter(({ id }) => {
    const item = known?.get(id);
    return mayShow === null || (item !== undefined && mayShow(item));
  });
  return {
    version: NO_MODEL,
    degraded: 'POPULAR',
    total: passed.length,
    items: passed.map(({ id, popularity }) => ({
      itemId: id,
      score: popularity / (popularity + HALF_AT),
      source: 'popular',
      reason: { text: 'Popular right now', because: null },
      rules: [],
      propensity: 1,
    })),
    evidence: {
      ...NO_EVIDENCE,
      sources: [
        {
          name: 'popular',
          scores: Float32Array.from(passed, ({ popularity }) => popularity),
          ranks: Int32Array.from(passed.keys()),
        },
      ],
    },
  };
}

/** Items that must not come again, by what the person did; null for someone of whom nothing can be read. */
export function idsOut(person: PersonState | null, excludeSeen: boolean): readonly string[] {
  if (person === null) return [];
  return excludeSeen ? [...person.banished, ...person.events.map(({ itemId }) => itemId)] : person.banished;
}
