import { keepBest } from '../../../retrieval/best.js';
import type { Source } from '../../pipeline/stages.js';
import { takenTo } from '../opinions.js';
import type { PeopleQuery } from '../query.js';

const QUOTA = 200;
/** What a like counts beside a follow. */
const LIKED = 0.6;

export const RECIPROCAL = 'reciprocal';
/** The score of someone who follows the person. */
export const FOLLOWS = 1;

/** People who took to the person: half of what it takes where both sides must agree. */
export const reciprocal: Source<PeopleQuery> = {
  name: RECIPROCAL,
  quota: QUOTA,
  deadlineMs: 100,
  enabled: () => true,
  fetch({ asker, population, admits }) {
    const { advances, followers } = asker.relations;
    const best = keepBest(QUOTA);
    const follows = new Set(followers);
    const offer = (id: string, score: number) => {
      const person = population.meet(id);
      if (admits(person)) best.offer(person, score);
    };
    for (const id of follows) offer(id, FOLLOWS);
    for (const id of takenTo(advances)) if (!follows.has(id)) offer(id, LIKED);
    return best.take();
  },
};
