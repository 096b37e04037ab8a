import { NOTHING_FOUND } from '../../../domain/candidates.js';
import type { PeopleTable } from '../../../registry/snapshot.js';
import { keepBest } from '../../../retrieval/best.js';
import type { Source } from '../../pipeline/stages.js';
import type { Interests } from '../interests.js';
import type { PeopleQuery } from '../query.js';

const QUOTA = 200;

/** People of the version with the same interests, rare ones counting more. */
export function alike(interestsOf: (table: PeopleTable) => Interests): Source<PeopleQuery> {
  return {
    name: 'content',
    quota: QUOTA,
    deadlineMs: 100,
    enabled: ({ asker }) => asker.interests.size > 0,
    fetch({ population, asker, admits }) {
      if (population.table.size === 0) return NOTHING_FOUND;
      const best = keepBest(QUOTA);
      interestsOf(population.table).gather(asker.interests, (person, cosine) => {
        if (admits(person)) best.offer(person, cosine);
      });
      return best.take();
    },
  };
}
