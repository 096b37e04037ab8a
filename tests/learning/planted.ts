import type { Action } from '../../src/domain/actions.js';
import { DAY_MS } from '../../src/domain/clock.js';
import type { Item, User } from '../../src/domain/entities.js';
import type { JsonObject } from '../../src/domain/json.js';
import { seededRandom } from '../../src/domain/random.js';
import { worthOf } from '../../src/features/worth.js';
import { type EventTable, eventTableBuilder } from '../../src/learning/evaluation/eventTable.js';
import { circumstanceBuilder } from '../../src/learning/examples/circumstances.js';
import type { EventColumns } from '../../src/learning/examples/eventColumns.js';
import type { SocialGraph } from '../../src/learning/examples/social.js';
import type { EntityStore } from '../../src/store/ports/entityStore.js';
import type { EventLog } from '../../src/store/ports/eventLog.js';

/** One event of a planted world. */
export interface PlantedEvent {
  readonly userId: string;
  readonly itemId: string;
  readonly action: Action;
  readonly value: number | null;
  readonly occurredAt: number;
  readonly context?: JsonObject | null;
}

export interface PlantedWorld {
  readonly people?: readonly User[];
  readonly items: readonly Item[];
  /** By time. */
  readonly events: readonly PlantedEvent[];
  /** Who follows whom, when. */
  readonly follows?: readonly (readonly [follower: string, followee: string, at: number])[];
}

export const START = Date.UTC(2026, 0, 1);

export interface PlantedOptions {
  readonly users?: number;
  readonly items?: number;
  readonly groups?: number;
  readonly eventsPerUser?: number;
  readonly seed?: number;
}

export const groupOf = (index: number, groups: number): number => index % groups;

/** A checkerboard: person p and item i belong to group p mod g and i mod g, and everyone likes items of their own group. */
export function plant(options: PlantedOptions = {}): PlantedWorld {
  const { users = 60, items = 48, groups = 3, eventsPerUser = 9, seed = 1 } = options;
  const random = seededRandom(seed);
  const events: PlantedEvent[] = [];
  for (let user = 0; user < users; user++) {
    const own = Array.from({ length: items }, (_, item) => item)
      .filter((item) => groupOf(item, groups) === groupOf(user, groups))
      .map((item) => ({ item, key: random() }))
      .sort((a, b) => a.key - b.key);
    for (const { item } of own.slice(0, eventsPerUser)) {
      const occurredAt = START + Math.floor(random() * 100 * DAY_MS);
      events.push({ userId: userId(user), itemId: itemId(item), action: 'LIKE', value: null, occurredAt });
    }
  }
  events.sort((a, b) => a.occurredAt - b.occurredAt);
  return { items: Array.from({ length: items }, (_, item) => makeItem(item, groups)), events };
}

export const userId = (user: number): string => `u${String(user).padStart(4, '0')}`;
export const itemId = (item: number): string => `i${String(item).padStart(4, '0')}`;

function makeItem(item: number, groups: number): Item {
  return {
    id: itemId(item),
    kind: 'lens',
    title: `Lens ${item}`,
    description: null,
    category: `category ${groupOf(item, groups)}`,
    tags: [`tag ${groupOf(item, groups)}`, `rare ${item % 7}`],
    previewUrl: null,
    authorId: null,
    attributes: null,
    createdAt: new Date(START - item * DAY_MS),
    hiddenAt: null,
  };
}

/** The world as training reads it, without a store. */
export function portsOf(world: PlantedWorld): {
  entities: Pick<EntityStore, 'scanItems' | 'scanUsers' | 'scanFollows'>;
  eventLog: Pick<EventLog, 'scan'>;
} {
  return {
    entities: {
      async *scanItems() {
        for (let at = 0; at < world.items.length; at += 10) yield world.items.slice(at, at + 10);
      },
      async *scanUsers() {
        yield world.people ?? [];
      },
      async *scanFollows() {
        const follows = world.follows ?? [];
        yield {
          followerIds: follows.map(([follower]) => follower),
          followeeIds: follows.map(([, followee]) => followee),
          createdAt: Float64Array.from(follows, ([, , at]) => at),
        };
      },
    },
    eventLog: {
      async *scan(_tenant, until) {
        const known = world.events.filter((event) => event.occurredAt < until);
        for (let at = 0; at < known.length; at += 100) {
          const page = known.slice(at, at + 100);
          yield {
            userIds: page.map((event) => event.userId),
            itemIds: page.map((event) => event.itemId),
            actions: page.map((event) => event.action),
            values: Float64Array.from(page, (event) => event.value ?? Number.NaN),
            occurredAt: Float64Array.from(page, (event) => event.occurredAt),
            contexts: page.map((event) => event.context ?? null),
          };
        }
      },
    },
  };
}

/** The same in dense terms, for what works on columns. */
export function columnsOf({ items, events }: PlantedWorld): EventColumns {
  const itemIndex = new Map(items.map((item, index) => [item.id, index]));
  const userIds = [...new Set(events.map((event) => event.userId))].sort();
  const userIndex = new Map(userIds.map((id, index) => [id, index]));
  const circumstances = circumstanceBuilder();
  for (const { context, occurredAt } of events) circumstances.add(context ?? null, occurredAt);
  return {
    userCount: userIds.length,
    itemCount: items.length,
    users: Int32Array.from(events, (event) => userIndex.get(event.userId) ?? -1),
    items: Int32Array.from(events, (event) => itemIndex.get(event.itemId) ?? -1),
    worths: Float32Array.from(events, (event) => worthOf(event.action, event.value)),
    times: Float64Array.from(events, (event) => event.occurredAt),
    circumstances: circumstances.finish(),
    facts: userIds.map(() => null),
  };
}

/** Person p liked item i, in order. */
export function likes(pairs: readonly (readonly [person: number, item: number])[], itemCount: number): EventColumns {
  return {
    userCount: 1 + Math.max(-1, ...pairs.map(([person]) => person)),
    itemCount,
    circumstances: [],
    facts: [],
    users: Int32Array.from(pairs, ([person]) => person),
    items: Int32Array.from(pairs, ([, item]) => item),
    worths: new Float32Array(pairs.length).fill(3),
    times: Float64Array.from(pairs, (_, at) => at),
  };
}

/** People who follow nobody and write nothing. */
export function strangersOf({ userCount, itemCount }: EventColumns): SocialGraph {
  return {
    personIds: Array.from({ length: userCount }, (_, user) => userId(user)),
    ofUsers: Int32Array.from({ length: userCount }, (_, user) => user),
    authors: new Int32Array(itemCount).fill(-1),
    followers: new Int32Array(0),
    followees: new Int32Array(0),
    followedAt: new Float64Array(0),
  };
}

/** The whole of it, as evaluation reads it. */
export function tableOf({ items, events }: PlantedWorld): EventTable {
  const builder = eventTableBuilder(items);
  for (const { userId: user, itemId: item, action, value, occurredAt, context } of events) {
    builder.add(user, item, action, value ?? Number.NaN, occurredAt, context ?? null);
  }
  return builder.finish();
}
