import type { PersonFacts } from '../../domain/entities.js';
import type { ItemEvent } from '../../domain/events.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { EventLog } from '../../store/ports/eventLog.js';
import { groupByUser } from '../examples/interactions.js';
import type { EventTable } from './eventTable.js';

export type Protocol = 'temporal' | 'leave-last-one' | 'files';

/** Someone who is asked for, and what would have been right. */
export interface JudgedPerson {
  /** Dense index. */
  readonly user: number;
  /** The moment they are asked for, epoch milliseconds. */
  readonly now: number;
  /** Item indices, none of them met in the training slice; at least one. */
  readonly right: Int32Array;
  /**
   * Of the next few new items they met, those they took to: what a ranker promises (`RankerParameters.horizon`). Null
   * where the protocol cannot tell.
   */
  readonly promised: Int32Array | null;
}

/** A log in two: what may be learned from, and what is judged by. */
export interface Split {
  readonly protocol: Protocol;
  /** Only the events that may be learned from. Its catalogue is what is ranked. */
  readonly train: EventTable;
  /** By rising user. */
  readonly people: readonly JudgedPerson[];
  /** Everything in `train` happened before this moment, epoch milliseconds. */
  readonly until: number;
}

const PAGE = 10_000;

/** The training slice as a store of its own: whoever trains on it can reach nothing else. */
export function trainingStore({ train }: Split): {
  readonly eventLog: Pick<EventLog, 'scan'>;
  readonly entities: Pick<EntityStore, 'scanItems' | 'scanUsers' | 'scanFollows'>;
} {
  const ids = train.catalogue.map((item) => item.id);
  return {
    eventLog: {
      async *scan(_tenant, until) {
        let end = train.times.length;
        while (end > 0 && (train.times[end - 1] ?? 0) >= until) end--;
        for (let from = 0; from < end; from += PAGE) {
          const to = Math.min(from + PAGE, end);
          yield {
            userIds: Array.from(train.users.subarray(from, to), (user) => train.userIds[user] ?? ''),
            itemIds: Array.from(train.items.subarray(from, to), (item) => ids[item] ?? ''),
            actions: train.actions.slice(from, to),
            values: train.values.slice(from, to),
            occurredAt: train.times.slice(from, to),
            contexts: train.contexts.slice(from, to),
          };
        }
      },
    },
    entities: {
      async *scanItems() {
        for (let at = 0; at < train.catalogue.length; at += PAGE) yield train.catalogue.slice(at, at + PAGE);
      },
      async *scanUsers() {
        for (let at = 0; at < train.registered.length; at += PAGE) yield train.registered.slice(at, at + PAGE);
      },
      async *scanFollows() {
        yield* train.follows;
      },
    },
  };
}

/** What each person did in the training slice, newest first, as the log answers it. */
export function knownEvents({ train }: Split): (user: number) => ItemEvent[] {
  const { offsets, events } = groupByUser(train);
  return (user) => {
    const timeline = events.subarray(offsets[user], offsets[user + 1]);
    return Array.from(timeline.toReversed(), (event) => {
      const value = train.values[event] ?? Number.NaN;
      return {
        itemId: train.catalogue[train.items[event] ?? -1]?.id ?? '',
        action: train.actions[event] ?? 'VIEW',
        value: Number.isNaN(value) ? null : value,
        occurredAt: train.times[event] ?? 0,
      };
    });
  };
}

/** What a person says of themselves; null where they were not registered yet at `now` (epoch milliseconds). */
export function knownFacts({ train }: Split): (user: number, now: number) => PersonFacts | null {
  const registered = new Map(train.registered.map((person) => [person.id, person]));
  return (user, now) => {
    const person = registered.get(train.userIds[user] ?? '');
    if (person === undefined || person.createdAt.getTime() >= now) return null;
    const { age, location, interests } = person;
    return { age, location, interests };
  };
}
