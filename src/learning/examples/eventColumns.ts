import type { Item, PersonFacts } from '../../domain/entities.js';
import { isPositive, worthOf } from '../../features/worth.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { EventLog } from '../../store/ports/eventLog.js';
import { byCodeUnit } from './byCodeUnit.js';
import { type CircumstanceColumn, circumstanceBuilder, selectCircumstances, withFacts } from './circumstances.js';
import { growable } from './growable.js';
import { readSocialData, type SocialData } from './social.js';

/** The log in dense terms, by time, then arrival: index i of each array is one event. 20 bytes an event,
 * and 2 for each kind of circumstance. */
export interface EventColumns {
  readonly userCount: number;
  readonly itemCount: number;
  readonly users: Int32Array;
  readonly items: Int32Array;
  /** See `worthOf`. */
  readonly worths: Float32Array;
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  /** What the moment of each event was like, and for whom, one column a kind. */
  readonly circumstances: readonly CircumstanceColumn[];
  /** Per person: what they say of themselves today; null, or nothing, where they say nothing. */
  readonly facts: readonly (PersonFacts | null)[];
}

/** What there is to learn from. */
export interface LearningData {
  /** Every item that may be shown, by id (code units). Its place here is its dense index. */
  readonly catalogue: readonly Item[];
  /** By id (code units); a person's place here is their dense index. */
  readonly userIds: readonly string[];
  readonly events: EventColumns;
  /** Per item: how many positive actions it has seen (`isPositive`). */
  readonly positives: Float32Array;
  readonly social: SocialData;
}

/** Reads catalogue, log and people up to `until` (exclusive, epoch milliseconds). Events on hidden items are left out. */
export async function readLearningData(from: {
  readonly tenant: string;
  readonly eventLog: Pick<EventLog, 'scan'>;
  readonly entities: Pick<EntityStore, 'scanItems' | 'scanUsers' | 'scanFollows'>;
  readonly until: number;
  readonly onEvents?: (count: number) => void;
}): Promise<LearningData> {
  const { tenant, eventLog, entities, until, onEvents } = from;
  const catalogue: Item[] = [];
  for await (const page of entities.scanItems(tenant)) {
    for (const item of page) if (item.hiddenAt === null) catalogue.push(item);
  }
  // The store goes by the bytes of an id, which is another order where it leaves the basic plane.
  catalogue.sort((a, b) => byCodeUnit(a.id, b.id));
  const itemIndex = new Map(catalogue.map((item, index) => [item.id, index]));
  const arrival = new Map<string, number>();
  const users = growable((length) => new Int32Array(length));
  const items = growable((length) => new Int32Array(length));
  const worths = growable((length) => new Float32Array(length));
  const times = growable((length) => new Float64Array(length));
  const circumstances = circumstanceBuilder();
  const positives = new Float32Array(catalogue.length);
  let count = 0;
  for await (const page of eventLog.scan(tenant, until)) {
    for (let row = 0; row < page.itemIds.length; row++) {
      const item = itemIndex.get(page.itemIds[row] ?? '');
      const userId = page.userIds[row];
      const action = page.actions[row];
      if (item === undefined || userId === undefined || action === undefined) continue;
      let user = arrival.get(userId);
      if (user === undefined) {
        user = arrival.size;
        arrival.set(userId, user);
      }
      const value = page.values[row] ?? Number.NaN;
      users.push(user);
      items.push(item);
      worths.push(worthOf(action, value));
      times.push(page.occurredAt[row] ?? 0);
      circumstances.add(page.contexts[row] ?? null, page.occurredAt[row] ?? 0);
      if (isPositive(action, value)) positives[item] = (positives[item] ?? 0) + 1;
    }
    count += page.itemIds.length;
    onEvents?.(count);
  }
  // Numbered by id, so that the order of arrival leaves no trace in what is learned.
  const userIds = [...arrival.keys()].sort(byCodeUnit);
  const place = new Int32Array(userIds.length);
  for (const [index, id] of userIds.entries()) place[arrival.get(id) ?? 0] = index;
  const social = await readSocialData({ tenant, entities, until, userIds, catalogue });
  const facts = Array.from(social.graph.ofUsers, (person) => social.profiles[person] ?? null);
  const actors = users.values().map((user) => place[user] ?? 0);
  return {
    catalogue,
    userIds,
    positives,
    social,
    events: {
      userCount: userIds.length,
      itemCount: catalogue.length,
      users: actors,
      items: items.values(),
      worths: worths.values(),
      times: times.values(),
      circumstances: withFacts(circumstances.finish(), actors, facts),
      facts,
    },
  };
}

/** The events that `keeps` says, in their order; people and items keep their indices. */
export function selectColumns(events: EventColumns, keeps: (event: number) => boolean): EventColumns {
  const { users, items, worths, times } = events;
  const kept = Int32Array.from(users.keys()).filter((event) => keeps(event));
  return {
    ...events,
    users: kept.map((event) => users[event] ?? 0),
    items: kept.map((event) => items[event] ?? 0),
    worths: Float32Array.from(kept, (event) => worths[event] ?? 0),
    times: Float64Array.from(kept, (event) => times[event] ?? 0),
    circumstances: selectCircumstances(events.circumstances, kept),
  };
}
