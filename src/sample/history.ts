import { DAY_MS, HOUR_MS } from '../domain/clock.js';
import type { Follow, ItemDraft } from '../domain/entities.js';
import type { FeedbackEvent } from '../domain/events.js';
import { normal, type Random } from '../domain/random.js';
import { actOn, enjoyed } from './acts.js';
import type { Person } from './people.js';
import { pick } from './pick.js';
import { createShelves, type Shelves } from './shelves.js';
import { createTasteModel, randomOf } from './taste.js';

const HISTORY_DAYS = 60;
const MEAN_SESSIONS = 12;
const SESSION_ITEMS = 5;
/** A friend's likes stay news for this long. */
const NEWS_MS = 3 * DAY_MS;
const NEWS_KEPT = 8;

export type WorldEvent = Omit<FeedbackEvent, 'tenant'>;

interface Session {
  readonly person: Person;
  readonly start: number;
  readonly random: Random;
}

interface News {
  readonly item: ItemDraft;
  readonly at: number;
}

export interface HistoryOptions {
  readonly seed: number;
  readonly people: readonly Person[];
  readonly items: readonly ItemDraft[];
  readonly follows: readonly Follow[];
  readonly now: number;
  /** Begins every event id, so that the events of two worlds stay apart. */
  readonly name: string;
}

/**
 * What everyone did in the last sixty days, session by session in order of their start. People come across items by
 * their interests and the hour of the day, by popularity, because they are new, because someone they follow liked
 * them, and by chance; what they then do follows from their taste alone.
 */
export function* historyOf({ seed, people, items, follows, now, name }: HistoryOptions): Generator<WorldEvent> {
  const tastes = createTasteModel(seed);
  const shelves = createShelves(items, tastes);
  const following = new Map<string, Follow[]>(people.map(({ id }) => [id, []]));
  for (const follow of follows) following.get(follow.followerId)?.push(follow);
  const news = new Map<string, News[]>();
  const seen = new Map<string, Set<string>>();
  let count = 0;

  for (const { person, start, random } of sessionsOf(seed, people, now)) {
    const known = seen.get(person.id) ?? new Set<string>();
    seen.set(person.id, known);
    const friends = following.get(person.id) ?? [];
    let time = start;
    for (let left = 1 + Math.floor(2 * SESSION_ITEMS * random()); left > 0; left--) {
      const item = comeAcross(random, time, person, shelves, friends, news);
      if (item === null || known.has(item.id)) continue;
      known.add(item.id);
      const appeal = tastes.appeal(person.taste, {
        id: item.id,
        category: item.category ?? null,
        tags: item.tags ?? [],
      });
      const acts = actOn(random, appeal);
      for (const { action, afterMs, durationMs } of acts) {
        const occurredAt = time + afterMs;
        if (occurredAt >= now) continue;
        yield {
          eventId: `${name}-${++count}`,
          userId: person.id,
          target: { itemId: item.id },
          action,
          value: null,
          durationMs,
          requestId: null,
          position: null,
          context: null,
          occurredAt,
        };
      }
      if (enjoyed(acts)) {
        const told = news.get(person.id) ?? [];
        news.set(person.id, [...told.slice(1 - NEWS_KEPT), { item, at: time }]);
      }
      time += 15_000 + Math.floor(60_000 * random());
    }
  }
}

function comeAcross(
  random: Random,
  time: number,
  person: Person,
  shelves: Shelves,
  friends: readonly Follow[],
  news: ReadonlyMap<string, readonly News[]>,
): ItemDraft | null {
  const roll = random();
  if (roll < 0.45) return shelves.liked(random, time, person.taste.categories);
  if (roll < 0.72) return shelves.popular(random, time);
  if (roll < 0.82) return shelves.fresh(random, time);
  if (roll < 0.93 && friends.length > 0) {
    const told = (news.get(pick(random, friends).followeeId) ?? []).filter(({ at }) => time - at < NEWS_MS);
    if (told.length > 0) return pick(random, told).item;
  }
  return shelves.any(random, time);
}

/** Everyone's sessions since they joined, in order of time. */
function sessionsOf(seed: number, people: readonly Person[], now: number): Session[] {
  const sessions: Session[] = [];
  const today = Math.floor(now / DAY_MS);
  for (const person of people) {
    const random = randomOf(seed, 'sessions', person.id);
    const joined = person.draft.createdAt?.getTime() ?? 0;
    const days = Math.min(HISTORY_DAYS, Math.ceil((now - joined) / DAY_MS));
    const wanted = Math.min(4 * days, Math.round((MEAN_SESSIONS * person.taste.activity * days) / HISTORY_DAYS));
    for (let i = 0; i < wanted; i++) {
      const day = today - Math.floor(days * random());
      const hour = (person.taste.peakHour + 2.5 * normal(random) + 48) % 24;
      const start = Math.floor(day * DAY_MS + hour * HOUR_MS);
      if (start > joined && start < now)
        sessions.push({ person, start, random: randomOf(seed, `session ${i}`, person.id) });
    }
  }
  return sessions.sort((a, b) => a.start - b.start || (a.person.id < b.person.id ? -1 : 1));
}
