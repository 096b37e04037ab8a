import { seededRandom } from '../../domain/random.js';
import type { Known } from '../evaluation/models/model.js';
import { type EventColumns, selectColumns } from '../examples/eventColumns.js';
import { holdOut } from '../examples/heldOut.js';
import { positiveWorth } from '../examples/positiveWorth.js';
import { type Moment, replayMoments } from '../examples/replay.js';
import { sample } from '../examples/sample.js';
import { graphBefore, type SocialGraph } from '../examples/social.js';
import { cutInTime } from '../trainRanker.js';
import type { People } from './fewerPeople.js';

/** Share of the events, the newest ones, that is judged by. */
const SHARE = 0.1;
const PEOPLE = 1_000;
const MOMENTS_PER_PERSON = 2;
/** How many of the next new items count as what a person did next. */
const HORIZON = 20;
/** Of a log without order: the share of a person's items that is held out. */
const HELD_OUT = 0.2;

/** Someone at a moment of the validation slice, and what they took to next. */
export interface ValidationMoment extends Known {
  readonly right: ReadonlySet<number>;
}

/** What may be learned from, in two: parameters are tried on `lesson` and judged by `people`. */
export interface ValidationSlice {
  readonly lesson: People;
  /** In random order, so that the first ones are a sample; each with one moment or more. */
  readonly people: readonly (readonly ValidationMoment[])[];
}

/**
 * The newest tenth of the events is judged by, as the ranker's lists are: at moments in it people are ranked for by what
 * they did before, with models that know only what came before all of it. Where times cannot split the log, a random
 * fifth of the items of a sample of people is judged by. Nothing else is read. The same seed gives the same slice.
 */
export function validationSlice(events: EventColumns, social: SocialGraph, seed: number): ValidationSlice {
  const random = seededRandom(seed);
  const shared = { events, people: PEOPLE, positiveWorth: positiveWorth(events.worths), random };
  const cut = cutInTime(events.times, SHARE);
  if (cut > 0) {
    const moments = replayMoments({
      ...shared,
      cut,
      momentsPerPerson: MOMENTS_PER_PERSON,
      mostPerPerson: MOMENTS_PER_PERSON,
      horizon: HORIZON,
    });
    const earlier = selectColumns(events, (event) => event < cut);
    const lesson = { events: earlier, social: graphBefore(social, events.times[cut] ?? 0) };
    const people = byPerson(moments);
    return { lesson, people: sample(people, people.length, random) };
  }
  const { kept, moments } = holdOut({ ...shared, share: HELD_OUT, most: HORIZON });
  const people = byPerson(moments);
  return { lesson: { events: kept, social }, people: sample(people, people.length, random) };
}

/** The moments at which something was known and something was taken to. */
function byPerson(moments: readonly Moment[]): ValidationMoment[][] {
  const people = new Map<number, ValidationMoment[]>();
  for (const { user, now, profile, seen, liked } of moments) {
    if (profile.items.length === 0 || liked.size === 0) continue;
    people.set(user, [...(people.get(user) ?? []), { now, history: profile, seen, right: liked }]);
  }
  return [...people.values()];
}
