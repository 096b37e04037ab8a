import { NOTHING_FOUND } from '../../../domain/candidates.js';
import { buildProfile } from '../../../features/profile.js';
import { keepBest } from '../../../retrieval/best.js';
import type { Source } from '../../pipeline/stages.js';
import type { PeopleQuery } from '../query.js';

const QUOTA = 200;
/** The newest items taken to, so many of them, lead to others who took to them. */
const SEEDS = 60;
/** From this worth on taking to an item counts in full. */
const FULL_WORTH = 3;

/**
 * Who took to what the person took to last, the less common the more (events up to now, people of the version). Scores are
 * the root of the share of the person's taste that they have in common.
 */
export const tastes: Source<PeopleQuery> = {
  name: 'collaborative',
  quota: QUOTA,
  deadlineMs: 100,
  enabled: ({ known, asker }) => known !== null && asker.events.length > 0,
  fetch({ known, asker, admits }) {
    if (known === null) return NOTHING_FOUND;
    const { takers, takerCounts } = known.model;
    const profile = buildProfile(asker.events, known.snapshot.items);
    const shared = new Map<number, number>();
    let whole = 0;
    let seeds = 0;
    for (let place = 0; place < profile.items.length && seeds < SEEDS; place++) {
      const liking = Math.min(1, (profile.worth[place] ?? 0) / FULL_WORTH);
      const item = profile.items[place] ?? 0;
      if (liking <= 0) continue;
      seeds++;
      const weight = (liking * (profile.recency[place] ?? 0)) / Math.sqrt(Math.max(1, takerCounts[item] ?? 0));
      whole += weight;
      for (let at = takers.offsets[item] ?? 0; at < (takers.offsets[item + 1] ?? 0); at++) {
        const person = takers.indices[at] ?? 0;
        shared.set(person, (shared.get(person) ?? 0) + weight);
      }
    }
    const best = keepBest(QUOTA);
    for (const [person, weight] of shared) if (admits(person)) best.offer(person, Math.sqrt(weight / whole));
    return best.take();
  },
};
