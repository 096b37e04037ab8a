import type { Random } from '../domain/random.js';
import { actOn, enjoyed } from './acts.js';
import type { LiveFeedback, LiveList } from './liveClient.js';
import type { Person } from './people.js';
import { pick, sigmoid } from './pick.js';
import type { Attraction, TasteModel } from './taste.js';

/** The tenth place is looked at half as often as the first (position bias, Joachims et al. 2005). */
const POSITION_DECAY = 0.11;
const EXPLORES = 0.15;
const MEETS_RISING = 0.3;
/** How much an item that is going viral gains, as a logit. */
const RISING_BOOST = 2;

export interface Turn {
  readonly feedback: readonly LiveFeedback[];
  /** Items of the list that were looked at, and those that were enjoyed. */
  readonly looked: number;
  readonly enjoyed: number;
}

export interface TurnOptions {
  readonly random: Random;
  readonly tastes: TasteModel;
  readonly person: Person;
  readonly list: LiveList;
  /** The whole catalogue, for what people find by themselves. */
  readonly items: readonly Attraction[];
  /** Items that are going viral just now. */
  readonly rising: readonly Attraction[];
}

/** What one person does with one list, and what they find besides. */
export function takeTurn({ random, tastes, person, list, items, rising }: TurnOptions): Turn {
  const feedback: LiveFeedback[] = [];
  let looked = 0;
  let liked = 0;
  const meet = (item: Attraction, boost: number, shown: Pick<LiveFeedback, 'requestId' | 'position'>): boolean => {
    const appeal = tastes.appeal(person.taste, item);
    const acts = actOn(random, boost === 0 ? appeal : sigmoid(Math.log(appeal / (1 - appeal)) + boost));
    for (const { action, durationMs } of acts) {
      const length = durationMs === null ? {} : { durationMs };
      feedback.push({ target: { itemId: item.id }, action, userId: person.id, ...length, ...shown });
    }
    return enjoyed(acts);
  };
  for (const { position, item } of list.recommendations) {
    if (random() >= 1 / (1 + POSITION_DECAY * position)) continue;
    looked++;
    if (meet(item, 0, { requestId: list.requestId, position })) liked++;
  }
  if (items.length > 0 && random() < EXPLORES) meet(pick(random, items), 0, {});
  if (rising.length > 0 && random() < MEETS_RISING) meet(pick(random, rising), RISING_BOOST, {});
  return { feedback, looked, enjoyed: liked };
}
