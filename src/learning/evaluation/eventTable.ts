import type { Item, User } from '../../domain/entities.js';
import type { ItemEvent } from '../../domain/events.js';
import type { JsonObject } from '../../domain/json.js';
import { worthOf } from '../../features/worth.js';
import type { EntityStore, FollowPage } from '../../store/ports/entityStore.js';
import type { EventLog } from '../../store/ports/eventLog.js';
import { circumstanceBuilder, selectCircumstances, withFacts } from '../examples/circumstances.js';
import type { EventColumns } from '../examples/eventColumns.js';
import { growable } from '../examples/growable.js';

/** A log with nothing left out, so that a part of it can be handed to training as if it were all. By time. */
export interface EventTable extends EventColumns {
  /** By id (code units); an item's place is its dense index. */
  readonly catalogue: readonly Item[];
  /** A person's place is their dense index. */
  readonly userIds: readonly string[];
  readonly actions: readonly ItemEvent['action'][];
  /** NaN where the event has no value. */
  readonly values: Float64Array;
  /** Who follows whom, at any time. */
  readonly follows: readonly FollowPage[];
  readonly contexts: readonly (JsonObject | null)[];
  /** Everyone who is registered, at any time. */
  readonly registered: readonly User[];
}

export interface EventTableBuilder {
  /** Passes over an item that the catalogue lacks. `value` is NaN where there is none; `time` never falls. */
  add(
    userId: string,
    itemId: string,
    action: ItemEvent['action'],
    value: number,
    time: number,
    context?: JsonObject | null,
  ): void;
  finish(): EventTable;
}

/** `catalogue` in the order of the ids (by code unit). */
export function eventTableBuilder(
  catalogue: readonly Item[],
  follows: readonly FollowPage[] = [],
  registered: readonly User[] = [],
): EventTableBuilder {
  const itemIndex = new Map(catalogue.map((item, index) => [item.id, index]));
  const userIndex = new Map<string, number>();
  const users = growable((length) => new Int32Array(length));
  const items = growable((length) => new Int32Array(length));
  const worths = growable((length) => new Float32Array(length));
  const times = growable((length) => new Float64Array(length));
  const values = growable((length) => new Float64Array(length));
  const actions: ItemEvent['action'][] = [];
  const contexts: (JsonObject | null)[] = [];
  const circumstances = circumstanceBuilder();
  return {
    add(userId, itemId, action, value, time, context = null) {
      const item = itemIndex.get(itemId);
      if (item === undefined) return;
      const user = userIndex.get(userId) ?? userIndex.size;
      userIndex.set(userId, user);
      users.push(user);
      items.push(item);
      worths.push(worthOf(action, value));
      times.push(time);
      values.push(value);
      actions.push(action);
      contexts.push(context);
      circumstances.add(context, time);
    },
    finish() {
      const profiles = new Map(registered.map((user) => [user.id, user]));
      const facts = Array.from(userIndex.keys(), (id) => profiles.get(id) ?? null);
      const actors = users.values();
      return {
        catalogue,
        userIds: [...userIndex.keys()],
        userCount: userIndex.size,
        itemCount: catalogue.length,
        users: actors,
        items: items.values(),
        worths: worths.values(),
        times: times.values(),
        values: values.values(),
        actions,
        follows,
        contexts,
        registered,
        circumstances: withFacts(circumstances.finish(), actors, facts),
        facts,
      };
    },
  };
}

/** The whole log of a tenant, without what happened on hidden items. */
export async function readEventTable(from: {
  readonly tenant: string;
  readonly eventLog: Pick<EventLog, 'scan'>;
  readonly entities: Pick<EntityStore, 'scanItems' | 'scanUsers' | 'scanFollows'>;
  readonly onEvents?: (count: number) => void;
}): Promise<EventTable> {
  const { tenant, eventLog, entities, onEvents } = from;
  const catalogue: Item[] = [];
  for await (const page of entities.scanItems(tenant)) {
    for (const item of page) if (item.hiddenAt === null) catalogue.push(item);
  }
  const follows: FollowPage[] = [];
  for await (const page of entities.scanFollows(tenant)) follows.push(page);
  const registered: User[] = [];
  for await (const page of entities.scanUsers(tenant)) registered.push(...page);
  const builder = eventTableBuilder(catalogue, follows, registered);
  let count = 0;
  for await (const page of eventLog.scan(tenant, Number.MAX_SAFE_INTEGER)) {
    for (const [row, userId] of page.userIds.entries()) {
      const itemId = page.itemIds[row];
      const action = page.actions[row];
      if (itemId === undefined || action === undefined) continue;
      builder.add(
        userId,
        itemId,
        action,
        page.values[row] ?? Number.NaN,
        page.occurredAt[row] ?? 0,
        page.contexts[row] ?? null,
      );
    }
    count += page.userIds.length;
    onEvents?.(count);
  }
  return builder.finish();
}

/** The given events, in their order; people and items keep their indices. */
export function selectEvents(table: EventTable, events: Int32Array): EventTable {
  return {
    ...table,
    users: events.map((event) => table.users[event] ?? 0),
    items: events.map((event) => table.items[event] ?? 0),
    worths: Float32Array.from(events, (event) => table.worths[event] ?? 0),
    times: Float64Array.from(events, (event) => table.times[event] ?? 0),
    values: Float64Array.from(events, (event) => table.values[event] ?? Number.NaN),
    actions: Array.from(events, (event) => table.actions[event] ?? 'VIEW'),
    contexts: Array.from(events, (event) => table.contexts[event] ?? null),
    circumstances: selectCircumstances(table.circumstances, events),
  };
}
