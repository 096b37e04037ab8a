import type { Item, ItemDraft, ItemStats, User, UserDraft } from '../../src/domain/entities.js';
import { badInput, CurioError } from '../../src/domain/errors.js';
import type { StoredEvent } from '../../src/domain/events.js';
import type { FeedbackDraft } from '../../src/services/feedback/types.js';
import type { PeopleRequest } from '../../src/services/people/types.js';
import type { RecommendRequest } from '../../src/services/recommendations/types.js';
import type { ListedRule, RuleRequest } from '../../src/services/rules/types.js';
import type { SearchRequest } from '../../src/services/search/types.js';
import type { Services } from '../../src/services/services.js';
import { createMailbox, type Mailbox } from '../../src/services/trending/mailbox.js';
import type { TrendingRequest, TrendingUpdate } from '../../src/services/trending/types.js';
import type { EntityStore } from '../../src/store/ports/entityStore.js';
import { type FakePosts, fakePosts } from './fakePosts.js';

/** A store call: which read, and for how many ids. */
export interface Call {
  readonly read: string;
  readonly ids: readonly string[];
}

/** What the services were given, for tests that ask how arguments arrive. */
export interface Received {
  readonly recommend: RecommendRequest[];
  readonly people: PeopleRequest[];
  readonly feedback: (FeedbackDraft & { tenant: string })[];
  readonly items: ItemDraft[];
  readonly users: UserDraft[];
  readonly refreshed: string[];
  readonly deployed: (readonly [tenant: string, version: string])[];
  readonly rules: RuleRequest[];
  readonly trending: TrendingRequest[];
  /** Where single events came from. */
  readonly addresses: (string | null)[];
  /** The cursors that subscriptions were to go on from. */
  readonly resumed: (string | null)[];
  readonly search: SearchRequest[];
}

export interface FakeWorld extends Pick<FakePosts, 'asked'> {
  readonly services: Services;
  readonly entities: EntityStore;
  readonly calls: Call[];
  readonly received: Received;
  readonly items: Map<string, Item>;
  readonly users: Map<string, User>;
  readonly events: StoredEvent[];
  /** Thrown by the next reads of that name, until it is deleted. */
  readonly faults: Map<string, unknown>;
  /** One for each open subscription: put updates in. */
  readonly feeds: Set<Mailbox<TrendingUpdate>>;
  /** Waited for by `recommend`. */
  pause: Promise<void>;
}

const DAY = Date.UTC(2026, 0, 1);

/** A hundred lenses `lens-0` …, all but each tenth by the maker of its number, in memory, with services that do the least they may. */
export function fakeWorld(): FakeWorld {
  const items = new Map(Array.from({ length: 100 }, (_, i) => [`lens-${i}`, itemOf(i)]));
  const users = new Map(Array.from({ length: 100 }, (_, i) => [`user-${i}`, userOf(i)]));
  const calls: Call[] = [];
  const received: Received = {
    recommend: [],
    people: [],
    feedback: [],
    items: [],
    users: [],
    refreshed: [],
    deployed: [],
    rules: [],
    trending: [],
    addresses: [],
    resumed: [],
    search: [],
  };
  const events: StoredEvent[] = [];
  const faults = new Map<string, unknown>();

  const read = async <T>(name: string, ids: readonly string[], one: (id: string) => T): Promise<T[]> => {
    calls.push({ read: name, ids });
    if (faults.has(name)) throw faults.get(name);
    return ids.map(one);
  };
  const none = async (): Promise<never> => {
    throw new Error('not part of the fake world');
  };

  const entities: EntityStore = {
    users: (_tenant, ids) => read('users', ids, (id) => users.get(id) ?? null),
    items: (_tenant, ids) => read('items', ids, (id) => items.get(id) ?? null),
    itemStats: (_tenant, ids) => read('itemStats', ids, statsOf),
    lastActive: (_tenant, ids) => read('lastActive', ids, (id) => (id === 'user-1' ? DAY : null)),
    async *scanItems() {},
    async *scanUsers() {},
    async *scanFollows() {},
    changedItems: none,
    popularItems: none,
    countItems: none,
    upsertUsers: none,
    upsertItems: none,
    addFollows: none,
    circles: none,
    removeFollow: none,
    hideItem: none,
    eraseUser: none,
    setPersonalised: none,
  };

  const social = fakePosts();
  const world: FakeWorld = {
    asked: social.asked,
    entities,
    calls,
    received,
    items,
    users,
    events,
    faults,
    feeds: new Set(),
    pause: Promise.resolve(),
    services: {
      recommendations: {
        async recommend(request, lookup) {
          received.recommend.push(request);
          await world.pause;
          const found = await lookup([...items.keys()].slice(0, request.first));
          const listed = found.filter((item) => item !== null);
          return {
            requestId: request.requestId ?? 'list-1',
            totalCount: items.size,
            algorithmVersion: 'fake-1',
            variant: null,
            generationTimeMs: 1.5,
            cached: false,
            degraded: 'NONE',
            reason: null,
            trace: async (itemIds) => ({
              components: [{ stage: 'source', name: 'fake' }],
              steps: [{ stage: 'source', name: 'fake', ms: 0.5, in: 0, out: items.size, error: null }],
              items: itemIds.map((itemId) => ({
                itemId,
                position: null,
                score: null,
                sources: [],
                rules: [],
                why: 'no source named it',
              })),
            }),
            recommendations: listed.map((item, position) => ({
              item,
              position,
              score: 1 / (position + 1),
              reason: 'Because',
              source: 'fake',
              propensity: 1,
              place: position,
              explain: async () => ({
                sources: [{ source: 'fake', score: 1, rank: position }],
                features: [],
                rules: [],
              }),
            })),
          };
        },
        async refresh(_tenant, userId) {
          received.refreshed.push(userId);
        },
        async similarItems(_tenant, itemIds, first, _filter, lookup) {
          calls.push({ read: 'similarItems', ids: itemIds });
          if (faults.has('similarItems')) throw faults.get('similarItems');
          const near = itemIds.map((id) =>
            items.has(id) ? Array.from({ length: first }, (_, i) => `lens-${(Number(id.slice(5)) + i + 1) % 100}`) : [],
          );
          const found = await lookup(near.flat());
          let at = 0;
          return near.map((ids) =>
            ids.flatMap(() => {
              const item = found[at++];
              return item ? [{ item, score: 0.5, reason: 'Close' }] : [];
            }),
          );
        },
      },
      people: {
        async recommend(request, lookup) {
          received.people.push(request);
          const found = await lookup([...users.keys()].slice(0, request.first));
          return {
            requestId: 'list-2',
            totalCount: users.size,
            algorithmVersion: 'fake-1',
            variant: null,
            generationTimeMs: 1.5,
            cached: false,
            degraded: 'NONE',
            recommendations: found
              .filter((user) => user !== null)
              .map((user, position) => ({
                user,
                position,
                matchScore: 1 / (position + 1),
                reason: 'Because',
                source: 'fake',
              })),
          };
        },
        async similar(tenant, userId, first, filter, lookup) {
          received.people.push({ tenant, userId, first, filter, excludeSeen: false, sessionId: null });
          const found = await lookup([...users.keys()].slice(0, first));
          return found.filter((user) => user !== null).map((user) => ({ user, score: 0.5, reason: 'Close' }));
        },
      },
      feedback: {
        async send(tenant, draft, address = null) {
          received.addresses.push(address);
          received.feedback.push({ ...draft, tenant });
          if (draft.target.itemId === 'unknown') throw new CurioError('NOT_FOUND', 'target.itemId unknown');
          return { eventId: draft.eventId ?? 'event-1', duplicate: false };
        },
        async sendBatch(tenant, drafts) {
          received.feedback.push(...drafts.map((draft) => ({ ...draft, tenant })));
          const rejected = drafts.flatMap(({ target }, index) =>
            target.itemId === 'unknown' ? [{ index, code: 'NOT_FOUND', message: 'target.itemId unknown' }] : [],
          );
          return { accepted: drafts.length - rejected.length, duplicates: 0, rejected };
        },
      },
      privacy: {
        setConsent: async (_tenant, _id, personalisation) => personalisation,
        async *export(_tenant, id) {
          yield JSON.stringify({ user: users.get(id) ?? null });
        },
      },
      catalog: {
        async upsertItems(_tenant, drafts) {
          received.items.push(...drafts);
          return { created: drafts.length, updated: 0, rejected: [] };
        },
        async upsertUsers(_tenant, drafts) {
          received.users.push(...drafts);
          return { created: drafts.length, updated: 0, rejected: [] };
        },
        async hideItem(_tenant, id) {
          const item = items.get(id);
          if (item === undefined) throw new CurioError('NOT_FOUND', `item ${id} is unknown`);
          const hidden = { ...item, hiddenAt: new Date(DAY) };
          items.set(id, hidden);
          return hidden;
        },
        eraseUser: async (_tenant, id) => users.has(id),
      },
      search: {
        async search(request, lookup) {
          received.search.push(request);
          const found = await lookup([...items.keys()].slice(0, request.first));
          const edges = found
            .filter((item) => item !== null)
            .map((node, place) => ({
              cursor: `c${place}`,
              node,
              score: 1 / (place + 1),
              highlights: ['<mark>Fox</mark>'],
            }));
          return {
            edges,
            pageInfo: { hasNextPage: true, endCursor: edges.at(-1)?.cursor ?? null },
            totalCount: items.size,
            facets: { kind: [{ value: 'lens', count: items.size }], category: [], tags: [] },
            didYouMean: null,
            degraded: 'LEXICAL',
          };
        },
        async suggest(_tenant, prefix, first) {
          return Array.from({ length: first }, (_, place) => `${prefix}${place}`);
        },
        warm() {},
      },
      trending: {
        async list(request) {
          received.trending.push(request);
          const listed = [...items.values()]
            .slice(0, request.first)
            .map((item, at) => ({ item, score: 2 / (at + 1), rank: at + 1, change: 1 }));
          return { items: listed, degraded: false };
        },
        ids: async () => ['lens-3', 'lens-1'],
        async subscribe(request, after) {
          received.trending.push(request);
          received.resumed.push(after);
          const mailbox = createMailbox<TrendingUpdate>(() => void world.feeds.delete(mailbox));
          world.feeds.add(mailbox);
          return mailbox.reader;
        },
        note() {},
        warm() {},
        async changed() {},
        async dispose() {},
      },
      rules: {
        list: async () => received.rules.map(listed),
        async upsert(_tenant, request) {
          received.rules.push(request);
          return listed(request);
        },
        delete: async (_tenant, id) => received.rules.some((request) => request.id === id),
      },
      posts: social.posts,
      feed: social.feed,
      history: {
        async page(_tenant, userId, first, after) {
          if (after !== null && !/^\d+$/.test(after)) throw badInput('after', 'must be a cursor of this listing');
          const own = events.filter((event) => event.userId === userId);
          const start = after === null ? 0 : Number(after) + 1;
          const edges = own.slice(start, start + first).map((node, i) => ({ cursor: String(start + i), node }));
          const endCursor = edges.at(-1)?.cursor ?? null;
          return { edges, pageInfo: { hasNextPage: own.length > start + first, endCursor } };
        },
      },
    },
  };
  return world;
}

function itemOf(i: number): Item {
  return {
    id: `lens-${i}`,
    kind: 'lens',
    title: `Lens ${i}`,
    description: i % 2 === 0 ? null : `About lens ${i}`,
    category: 'face',
    tags: ['a', 'b'],
    previewUrl: `/previews/lens-${i}.svg`,
    authorId: i % 10 === 9 ? null : `user-${i}`,
    attributes: { faces: i },
    createdAt: new Date(DAY),
    hiddenAt: null,
  };
}

function userOf(i: number): User {
  const rest = { age: 20 + i, gender: null, location: 'Berlin', bio: null, interests: ['a'], personalised: true };
  return { id: `user-${i}`, name: `User ${i}`, createdAt: new Date(DAY), ...rest };
}

function listed(request: RuleRequest): ListedRule {
  const times = { createdAt: new Date(DAY), updatedAt: new Date(DAY) };
  return { ...request, id: request.id ?? 'new', active: true, ...times };
}

function statsOf(id: string): ItemStats {
  const n = Number(id.slice(5));
  return { views: n, likes: 1, saves: 0, shares: 0, popularity: n };
}
