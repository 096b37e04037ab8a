import { DAY_MS } from '../../../domain/clock.js';
import { keepBest } from '../../../retrieval/best.js';
import type { ActivePeople } from '../../live/activePeople.js';
import type { Source } from '../../pipeline/stages.js';
import type { PeopleQuery } from '../query.js';

export const ABOUT = 'active';

const QUOTA = 100;
/** Someone who acted so long ago counts half. */
const HALF_LIFE_MS = 3 * DAY_MS;

/** Whoever was active lately, people newer than any version among them. Scores are how lately, 0 to 1. */
export function about(activePeople: ActivePeople): Source<PeopleQuery> {
  return {
    name: ABOUT,
    quota: QUOTA,
    deadlineMs: 100,
    enabled: () => true,
    async fetch({ tenant, population, now, admits }) {
      const people = await activePeople(tenant);
      population.describe(people.map(({ user }) => user));
      const best = keepBest(QUOTA);
      for (const { user, at } of people) {
        const person = population.meet(user.id);
        const lately = at === null ? 0 : 0.5 ** (Math.max(0, now - at) / HALF_LIFE_MS);
        if (admits(person)) best.offer(person, lately);
      }
      return best.take();
    },
  };
}
