import { NOTHING_FOUND } from '../../../domain/candidates.js';
import { keepBest } from '../../../retrieval/best.js';
import type { Source } from '../../pipeline/stages.js';
import { takenTo } from '../opinions.js';
import type { PeopleQuery } from '../query.js';

const QUOTA = 200;
/** The newest people taken to, whose own walks count. */
const SEEDS = 20;
/** What all of these count beside the person's own walks; all there is for someone the version does not know. */
const SEEDS_SHARE = 0.5;

/**
 * Where short walks over items, authors and follows lead from the person, and from the people they took to last: the
 * rows of the version. Scores are the root of the share of the best.
 */
export const walks: Source<PeopleQuery> = {
  name: 'graph',
  quota: QUOTA,
  deadlineMs: 100,
  enabled: ({ known }) => known !== null,
  fetch(query) {
    const { known, asker, admits } = query;
    if (known === null) return NOTHING_FOUND;
    const { offsets, indices, values } = known.model.near;
    const sums = new Map<number, number>();
    const add = (person: number, share: number) => {
      for (let at = offsets[person] ?? 0; at < (offsets[person + 1] ?? 0); at++) {
        const other = indices[at] ?? 0;
        sums.set(other, (sums.get(other) ?? 0) + share * (values[at] ?? 0));
      }
    };
    const { size } = known.model.table;
    if (asker.person < size) add(asker.person, 1);
    const seeds = seedsOf(query).filter((person) => person < size);
    for (const person of seeds) add(person, SEEDS_SHARE / seeds.length);
    const best = keepBest(QUOTA);
    for (const [person, sum] of sums) if (admits(person)) best.offer(person, sum);
    const { items, scores } = best.take();
    // What is told by others alone is worth less.
    const most = (scores[0] ?? 1) / (asker.person < size ? 1 : SEEDS_SHARE);
    return { items, scores: scores.map((score) => Math.sqrt(score / most)) };
  },
};

/** The people taken to last, newest first, then others whom the person follows. */
function seedsOf({ asker, population }: PeopleQuery): number[] {
  const { acts, followees } = asker.relations;
  return [...new Set([...takenTo(acts), ...followees])].slice(0, SEEDS).map((id) => population.meet(id));
}
