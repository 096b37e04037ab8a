import { MINUTE_MS } from '../domain/clock.js';
import type { ItemDraft } from '../domain/entities.js';
import type { WorldEvent } from './history.js';
import type { Person } from './people.js';
import { pickSome } from './pick.js';
import { randomOf } from './taste.js';

const RISING_ITEMS = 6;
/** People who take to the first of them; each next one has fewer. */
const MOST_PEOPLE = 30;
const MINUTES = 45;

/** What went viral in the last three quarters of an hour, so that something trends when the world is new. */
export function* risingOf(
  seed: number,
  people: readonly Person[],
  items: readonly ItemDraft[],
  now: number,
  name: string,
): Generator<WorldEvent> {
  const random = randomOf(seed, 'rising', name);
  const start = now - MINUTES * MINUTE_MS;
  const there = items.filter(({ createdAt }) => (createdAt?.getTime() ?? now) < start);
  const around = people.filter(({ draft }) => (draft.createdAt?.getTime() ?? now) < start);
  for (const [place, { id }] of pickSome(random, there, RISING_ITEMS).entries()) {
    for (const person of pickSome(random, around, Math.ceil(MOST_PEOPLE / (1 + place / 3)))) {
      yield {
        eventId: `${name}-rising-${place}-${person.id}`,
        userId: person.id,
        target: { itemId: id },
        action: random() < 0.5 ? 'APPLY' : 'LIKE',
        value: null,
        durationMs: null,
        requestId: null,
        position: null,
        context: null,
        occurredAt: Math.floor(start + (now - start) * random()),
      };
    }
  }
}
