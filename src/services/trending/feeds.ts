import { z } from 'zod';
import { MINUTE_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Cache } from '../../store/ports/cache.js';
import { changesFrom, idsOf, type State, stateOf, wholeOf } from './changes.js';
import type { Lists } from './lists.js';
import { createMailbox, type Mailbox } from './mailbox.js';
import type { TrendingFeed, TrendingRequest, TrendingUpdate } from './types.js';

export interface Feeds {
  subscribe(request: TrendingRequest, after: string | null): Promise<TrendingFeed>;
  /** What trends in a tenant may have changed. */
  hint(tenant: string): void;
  dispose(): Promise<void>;
}

const AT_MOST_EVERY_MS = 1_000;
/** Lists change without events too, because counts fade: a list that nobody looked at meanwhile. */
const LOOK_EVERY_MS = 5_000;
/** So long a cursor can be resumed from. */
const CURSOR_TTL_MS = 15 * MINUTE_MS;

const idList = z.array(z.string());

/** Everyone who asks the same question. */
interface Topic {
  readonly key: string;
  readonly request: TrendingRequest;
  readonly readers: Set<Mailbox<TrendingUpdate>>;
  /** Readers on their way in. */
  coming: number;
  state: State | null;
  /** The whole of `state`, one object for all who get it. */
  whole: TrendingUpdate | null;
  /** Cursor → what changed since, for those who come back. */
  since: Map<string, TrendingUpdate>;
  changedAt: number;
  lookedAt: number;
  timer: NodeJS.Timeout | undefined;
  looking: Promise<void> | null;
  /** Hinted while it was being looked at. */
  again: boolean;
}

/**
 * One topic for all who ask the same: its list is made once, at most once a second, and one object goes to all of them. Lists
 * that were told stand in the shared cache by their cursor, so that a reader can come back to any node.
 */
export function createFeeds(parts: {
  readonly lists: Pick<Lists, 'of'>;
  readonly cache: Cache;
  readonly log: Log;
}): Feeds {
  const { lists, cache, log } = parts;
  const topics = new Map<string, Topic>();

  const look = async (topic: Topic) => {
    const { tenant, window, filter, first } = topic.request;
    topic.lookedAt = performance.now();
    try {
      const list = (await lists.of(tenant, window, filter)).slice(0, first);
      const next = stateOf(topic.key, list);
      const before = topic.state;
      if (before?.cursor === next.cursor) return;
      topic.state = next;
      topic.whole = wholeOf(next);
      topic.since = new Map();
      await remember(tenant, next);
      topic.changedAt = performance.now();
      const update = before === null ? topic.whole : changesFrom(idsOf(before.list), next);
      for (const reader of topic.readers) reader.put(update);
    } catch (error) {
      log.warn({ err: error, tenant }, 'what trends cannot be read now: subscribers wait');
    }
  };
  const remember = async (tenant: string, { cursor, list }: State) => {
    await cache
      .set(cursorKey(tenant, cursor), JSON.stringify(idsOf(list)), CURSOR_TTL_MS)
      .catch((error: unknown) => log.warn({ err: error }, 'a cursor cannot be kept: coming back gets the whole list'));
  };
  const run = (topic: Topic): Promise<void> => {
    topic.looking ??= look(topic).finally(() => {
      topic.looking = null;
      if (topic.again) schedule(topic);
      topic.again = false;
    });
    return topic.looking;
  };
  const schedule = (topic: Topic) => {
    if (topic.looking !== null) topic.again = true;
    if (topic.looking !== null || topic.timer !== undefined) return;
    const wait = Math.max(0, topic.changedAt + AT_MOST_EVERY_MS - performance.now());
    topic.timer = setTimeout(() => {
      topic.timer = undefined;
      void run(topic);
    }, wait);
  };
  const sweep = setInterval(() => {
    const before = performance.now() - LOOK_EVERY_MS / 2;
    for (const topic of topics.values()) if (topic.lookedAt < before) schedule(topic);
  }, LOOK_EVERY_MS);
  sweep.unref();

  const open = (request: TrendingRequest): Topic => {
    const { tenant, window, filter, first } = request;
    const key = JSON.stringify([tenant, window, filter, first]);
    const known = topics.get(key);
    if (known !== undefined) return known;
    const topic: Topic = {
      key,
      request,
      readers: new Set(),
      coming: 0,
      state: null,
      whole: null,
      since: new Map(),
      changedAt: Number.NEGATIVE_INFINITY,
      lookedAt: Number.NEGATIVE_INFINITY,
      timer: undefined,
      looking: null,
      again: false,
    };
    topics.set(key, topic);
    return topic;
  };
  const close = (topic: Topic) => {
    if (topic.readers.size + topic.coming > 0) return;
    clearTimeout(topic.timer);
    if (topics.get(topic.key) === topic) topics.delete(topic.key);
  };

  /** What someone who has `after` misses: null for nothing. */
  const missed = (topic: Topic, state: State, after: string | null, ids: readonly string[] | null) => {
    if (after === state.cursor) return null;
    if (after === null || ids === null) return topic.whole;
    const update = topic.since.get(after) ?? changesFrom(ids, state);
    topic.since.set(after, update);
    return update;
  };

  return {
    async subscribe(request, after) {
      const topic = open(request);
      const reader: Mailbox<TrendingUpdate> = createMailbox(() => {
        topic.readers.delete(reader);
        close(topic);
      });
      topic.coming += 1;
      try {
        const ids = after === null ? null : await cursorOf(cache, request.tenant, after);
        if (topic.state === null) await run(topic);
        const update = topic.state === null ? null : missed(topic, topic.state, after, ids);
        topic.readers.add(reader);
        if (update !== null) reader.put(update);
      } finally {
        topic.coming -= 1;
        close(topic);
      }
      return reader.reader;
    },
    hint(tenant) {
      for (const topic of topics.values()) if (topic.request.tenant === tenant) schedule(topic);
    },
    async dispose() {
      clearInterval(sweep);
      for (const topic of topics.values()) {
        clearTimeout(topic.timer);
        await Promise.all([...topic.readers].map(({ reader }) => reader.return()));
      }
      topics.clear();
    },
  };
}

const cursorKey = (tenant: string, cursor: string) => `trending:cursor:${cursor}:${tenant}`;

async function cursorOf(cache: Cache, tenant: string, cursor: string): Promise<readonly string[] | null> {
  const text = await cache.get(cursorKey(tenant, cursor));
  return text === null ? null : idList.parse(JSON.parse(text));
}
