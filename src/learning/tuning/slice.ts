import { type Random, seededRandom } from '../../domain/random.js';
import { type DenseEvent, foldProfile } from '../../features/profile.js';
import type { Known } from '../evaluation/models/model.js';
import { type EventColumns, selectColumns } from '../examples/eventColumns.js';
import { groupByUser } from '../examples/interactions.js';
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
/** Of a log without order: the share of a person's items that is held out, and how many there must be. */
const HELD_OUT = 0.2;
const FEWEST_LIKED = 5;

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
 * they did before, with models that know only what came before all of it. A log without order in time is judged by a
 * random fifth of what each of a sample of people took to. Nothing else is read. The same seed gives the same slice.
 */
export function validationSlice(events: EventColumns, social: SocialGraph, seed: number): ValidationSlice {
  const random = seededRandom(seed);
  const cut = cutInTime(events.times, SHARE);
  return cut > 0 ? newestPart(events, social, cut, random) : heldOutPart(events, social, random);
}

function newestPart(events: EventColumns, social: SocialGraph, cut: number, random: Random): ValidationSlice {
  const moments = replayMoments({
    events,
    cut,
    people: PEOPLE,
    momentsPerPerson: MOMENTS_PER_PERSON,
    horizon: HORIZON,
    positiveWorth: positiveWorth(events.worths),
    random,
  });
  const byUser = new Map<number, ValidationMoment[]>();
  for (const { user, now, profile, seen, liked } of moments.filter(saysSomething)) {
    byUser.set(user, [...(byUser.get(user) ?? []), { now, history: profile, seen, right: liked }]);
  }
  return {
    lesson: {
      events: selectColumns(events, (event) => event < cut),
      social: graphBefore(social, events.times[cut] ?? 0),
    },
    people: sample([...byUser.values()], byUser.size, random),
  };
}

function saysSomething({ profile, liked }: Moment): boolean {
  return profile.items.length > 0 && liked.size > 0;
}

function heldOutPart(events: EventColumns, social: SocialGraph, random: Random): ValidationSlice {
  const liking = positiveWorth(events.worths);
  const byUser = groupByUser(events);
  const timelineOf = (user: number) => byUser.events.subarray(byUser.offsets[user], byUser.offsets[user + 1]);
  const held = new Uint8Array(events.users.length);
  const people: ValidationMoment[][] = [];
  for (const user of sample([...Array(events.userCount).keys()], events.userCount, random)) {
    if (people.length === PEOPLE) break;
    const timeline = timelineOf(user);
    const liked = new Set<number>();
    for (const event of timeline) if ((events.worths[event] ?? 0) >= liking) liked.add(events.items[event] ?? 0);
    if (liked.size < FEWEST_LIKED) continue;
    const right = new Set(sample([...liked], Math.ceil(HELD_OUT * liked.size), random));
    const newestFirst: DenseEvent[] = [];
    for (const event of timeline.toReversed()) {
      const item = events.items[event] ?? 0;
      if (right.has(item)) held[event] = 1;
      else newestFirst.push({ item, worth: events.worths[event] ?? 0, time: events.times[event] ?? 0 });
    }
    const history = foldProfile(newestFirst, Number.POSITIVE_INFINITY);
    const now = events.times[timeline.at(-1) ?? 0] ?? 0;
    people.push([{ now, history, seen: new Set(history.items), right }]);
  }
  return { lesson: { events: selectColumns(events, (event) => held[event] === 0), social }, people };
}
