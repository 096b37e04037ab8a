import { DAY_MS } from '../domain/clock.js';
import type { Follow } from '../domain/entities.js';
import type { Person } from './people.js';
import { pick } from './pick.js';
import { randomOf } from './taste.js';

const MEAN_FOLLOWS = 8;
const MAX_FOLLOWS = 60;

/**
 * Who follows whom. People look among those who share their first interest or their town (homophily), or at anyone;
 * and whoever is followed already is found more often (preferential attachment, Barabási and Albert 1999): a name is
 * drawn from a list in which each person stands once, and once more for each follower.
 */
export function followsAmong(seed: number, people: readonly Person[], now: number): Follow[] {
  const everyone: Person[] = [];
  const circles = new Map<string, Person[]>();
  const circlesOf = ({ draft }: Person) => [`interest ${draft.interests?.[0]}`, `place ${draft.location}`];
  const mention = (person: Person) => {
    everyone.push(person);
    for (const circle of circlesOf(person)) {
      const members = circles.get(circle);
      if (members === undefined) circles.set(circle, [person]);
      else members.push(person);
    }
  };
  for (const person of people) mention(person);

  const follows: Follow[] = [];
  for (const person of people) {
    const random = randomOf(seed, 'follows', person.id);
    const wanted = Math.min(MAX_FOLLOWS, people.length - 1, Math.floor(-MEAN_FOLLOWS * Math.log(1 - random())));
    const [interest = '', place = ''] = circlesOf(person);
    const known = new Set([person.id]);
    for (let tries = 0; known.size <= wanted && tries < 4 * wanted; tries++) {
      const roll = random();
      const circle = roll < 0.5 ? circles.get(interest) : roll < 0.7 ? circles.get(place) : everyone;
      const followee = pick(random, circle ?? everyone);
      if (known.has(followee.id)) continue;
      known.add(followee.id);
      mention(followee);
      const met = Math.max(joined(person, now), joined(followee, now));
      const createdAt = new Date(Math.floor(met + (now - met) * random()));
      follows.push({ followerId: person.id, followeeId: followee.id, createdAt });
    }
  }
  return follows;
}

function joined({ draft }: Person, now: number): number {
  return draft.createdAt?.getTime() ?? now - DAY_MS;
}
