import { keepBest } from '../../../retrieval/best.js';
import type { Source } from '../../pipeline/stages.js';
import { completeness } from '../hydrators/likeness.js';
import type { PeopleQuery } from '../query.js';

const QUOTA = 200;

/** Under a filter, whoever passes it: a narrow one must not leave a list empty because the close ones do not pass. */
export const matching: Source<PeopleQuery> = {
  name: 'matching',
  quota: QUOTA,
  deadlineMs: 100,
  enabled: ({ filter }) => filter !== null,
  fetch({ population, asker, admits }) {
    const best = keepBest(QUOTA);
    const place = asker.traits.location;
    for (let person = 0; person < population.table.size; person++) {
      if (!admits(person)) continue;
      const near = place !== null && population.traitsOf(person).location === place ? 1 : 0;
      best.offer(
        person,
        near + population.sharedInterests(asker.interests, person) + completeness(population.traitsOf(person)) / 4,
      );
    }
    return best.take();
  },
};
