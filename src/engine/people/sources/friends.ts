import { keepBest } from '../../../retrieval/best.js';
import type { EntityStore } from '../../../store/ports/entityStore.js';
import type { Source } from '../../pipeline/stages.js';
import type { PeopleQuery } from '../query.js';

const QUOTA = 200;
/** So many of the people a person follows, and of those who follow them, are asked for their own. */
const FRIENDS = 100;
const FRIENDS_OF_EACH = 100;

/**
 * Friends of friends, along follows either way as they stand now: one read of the store. The score grows with the friends
 * in common, each counting the less the more friends they have (Adamic and Adar 2003): a / (1 + a).
 */
export function friends(entities: Pick<EntityStore, 'circles'>): Source<PeopleQuery> {
  return {
    name: 'friends',
    quota: QUOTA,
    deadlineMs: 200,
    enabled: ({ asker }) => asker.relations.followees.length + asker.relations.followers.length > 0,
    async fetch({ tenant, asker, population, admits }) {
      const { followees, followers } = asker.relations;
      const near = spread([...new Set([...followees, ...followers])], FRIENDS);
      const sums = new Map<number, number>();
      for (const circle of await entities.circles(tenant, near, FRIENDS_OF_EACH)) {
        const theirs = new Set([...circle.followees, ...circle.followers]);
        const weight = 1 / Math.log(1 + Math.max(2, theirs.size));
        for (const id of theirs) {
          const person = population.meet(id);
          sums.set(person, (sums.get(person) ?? 0) + weight);
        }
      }
      const best = keepBest(QUOTA);
      for (const [person, sum] of sums) if (admits(person)) best.offer(person, sum / (1 + sum));
      return best.take();
    },
  };
}

/** At most `count` of the values, evenly from all of them. */
function spread<T>(values: readonly T[], count: number): T[] {
  const stride = Math.max(1, values.length / count);
  return values.filter((_, at) => Math.floor(at / stride) !== Math.floor((at - 1) / stride));
}
