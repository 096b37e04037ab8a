import { type Clock, DAY_MS } from '../../domain/clock.js';
import { type Deadline, deadlineIn } from '../../domain/deadline.js';
import { CurioError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import { type FeedCandidate, POST_KIND, type Post } from '../../domain/posts.js';
import type { Degradation } from '../../domain/shown.js';
import { atMost, within } from '../../domain/within.js';
import { type FeedReader, type RankedPost, rankFeed, recentFeed } from '../../engine/feed/rankFeed.js';
import type { PersonState, PersonStates } from '../../engine/live/personStates.js';
import type { RuleBooks } from '../../engine/live/ruleBooks.js';
import { readPerson } from '../../engine/person.js';
import type { Snapshot } from '../../registry/snapshot.js';
import type { Cache } from '../../store/ports/cache.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { FeedStore, LikedAuthor } from '../../store/ports/feedStore.js';
import type { PostStore } from '../../store/ports/postStore.js';
import { admission } from '../recommendations/entityFilter.js';
import type { RecommendationService } from '../recommendations/types.js';
import { createListings, decodeCursor, encodeCursor, type FeedCursor, type Listing } from './listings.js';
import type { FeedEdge, FeedPage, FeedRequest, FeedService } from './types.js';

export interface FeedDeps {
  readonly feed: FeedStore;
  readonly posts: Pick<PostStore, 'posts'>;
  readonly entities: Pick<EntityStore, 'items'>;
  readonly recommendations: Pick<RecommendationService, 'recommend'>;
  readonly personStates: Pick<PersonStates, 'load'>;
  readonly ruleBooks: Pick<RuleBooks, 'load'>;
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly cache: Cache;
  /** Milliseconds in which a page is to be made. */
  readonly deadlineMs: number;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** How far back feeds reach. */
export const FEED_MS = 90 * DAY_MS;
/** The surface of feeds, for rules of the business. */
const SURFACE = 'feed';
/** The newest posts that are ordered, and the length of a feed. */
const LENGTH = 500;
/** The newest likes that say whose posts a person likes. */
const LIKES = 200;
/** Of the time that is left: for what the person did and likes, for what is recommended, and for keeping the order. */
const PERSON_SHARE = 0.3;
const RECOMMENDED_SHARE = 0.6;
const KEEP_SHARE = 0.5;
/** Milliseconds for the posts themselves, however late it is. */
const LEAST_MS = 200;

const ANYTHING = {
  ids: null,
  category: null,
  tagsAny: null,
  tagsAll: null,
  authorId: null,
  createdAfter: null,
  minPopularity: null,
  notIds: null,
};

export function createFeedService(deps: FeedDeps): FeedService {
  const { feed, posts, entities, recommendations, personStates, ruleBooks, registry, newId, clock, log } = deps;
  const listings = createListings(deps);

  /** Null for what cannot be read in time: the feed does without. */
  const inTime = async <T>(
    what: string,
    { tenant, signal: until }: FeedRequest,
    ms: number,
    read: (signal: AbortSignal) => Promise<T>,
  ) => {
    try {
      return await atMost(ms, read, until);
    } catch (error) {
      until?.throwIfAborted();
      log.error({ err: error, tenant }, `${what} cannot be read: a feed does without`);
      return null;
    }
  };

  const readerOf = ({ tenant }: FeedRequest, { person, liked }: Known): FeedReader => {
    if (person?.personalised === false) return { likedAuthors: new Map(), tagLiking: () => 0 };
    const snapshot = registry.current(tenant);
    const likedAuthors = new Map(liked?.map(({ authorId, likes }) => [authorId, likes]));
    if (snapshot === null || person === null) return { likedAuthors, tagLiking: () => 0 };
    const { taste } = readPerson(person.events, snapshot, undefined, person.facts);
    return { likedAuthors, tagLiking: (tag) => taste.tags[snapshot.items.codeOfTag(tag)] ?? 0 };
  };

  const order = (request: FeedRequest, known: Known, candidates: readonly FeedCandidate[]): RankedPost[] =>
    request.order === 'RECENT'
      ? recentFeed(candidates, clock())
      : rankFeed(candidates, readerOf(request, known), clock());

  /** Posts that the recommender proposes; none where it knows nothing of the person. */
  const proposed = async (request: FeedRequest, deadline: Deadline) => {
    const { tenant, userId, first } = request;
    const list = await inTime('what to recommend', request, deadline.of(RECOMMENDED_SHARE), (signal) =>
      recommendations.recommend(
        {
          tenant,
          userId,
          first,
          surface: SURFACE,
          context: null,
          filter: { ...ANYTHING, kind: [POST_KIND] },
          excludeSeen: true,
          excludeIds: [],
          diversity: null,
          sessionId: null,
          requestId: null,
          signal,
        },
        (ids) => entities.items(tenant, ids, signal),
      ),
    );
    return list === null || list.degraded === 'POPULAR' || list.degraded === 'EMPTY' ? [] : list.recommendations;
  };

  /** What is recommended comes first, then what everyone else posted. */
  const recommended = async (request: FeedRequest, known: Known, since: number, deadline: Deadline) => {
    const { tenant, userId, signal } = request;
    const [everyone, leading] = await Promise.all([
      feed.everyone(tenant, userId, since, LENGTH, signal),
      request.order === 'RECENT' ? [] : proposed(request, deadline),
    ]);
    const ids = new Set(leading.map(({ item }) => item.id));
    const others = order(request, known, everyone).filter(({ id }) => !ids.has(id));
    return [
      ...leading.map(({ item, score, reason }) => ({ id: item.id, score, reason })),
      ...others.map((post) => ({ ...post, reason: NEW })),
    ];
  };

  const begin = async (request: FeedRequest, known: Known, deadline: Deadline): Promise<Listing> => {
    const since = clock() - FEED_MS;
    const { tenant, userId, signal } = request;
    const followed = await feed.followed(tenant, userId, since, LENGTH, signal);
    if (followed.length > 0) {
      return { order: request.order, source: 'FOLLOWED', posts: order(request, known, followed) };
    }
    const posts = await recommended(request, known, since, deadline);
    return { order: request.order, source: 'RECOMMENDED', posts };
  };

  /** Which of some posts may be shown now; null for the others. */
  const nowShown = async (
    request: FeedRequest,
    person: PersonState | null,
    source: Listing['source'],
    ids: string[],
  ) => {
    const { tenant, userId, signal } = request;
    const [found, items, rules] = await Promise.all([
      source === 'FOLLOWED'
        ? feed.stillFollowed(tenant, userId, ids, signal)
        : posts.posts(tenant, userId, ids, signal),
      entities.items(tenant, ids, signal),
      ruleBooks.load(tenant),
    ]);
    const mayShow = admission(null, rules, SURFACE);
    const banished = new Set(person?.banished);
    return found.map((post, at): Post | null => {
      const item = items[at] ?? null;
      return post !== null && item !== null && mayShow(item) && !banished.has(post.id) ? post : null;
    });
  };

  /** What of the person the feed depends on, read side by side. */
  const knownOf = async (request: FeedRequest, begins: boolean, deadline: Deadline): Promise<Known> => {
    const { tenant, userId } = request;
    const ms = deadline.of(PERSON_SHARE);
    const [person, liked] = await Promise.all([
      inTime('the history of a person', request, ms, () => personStates.load(tenant, userId)),
      begins && request.order === 'RANKED'
        ? inTime('whose posts a person likes', request, ms, (signal) =>
            feed.likedAuthors(tenant, userId, LIKES, signal),
          )
        : [],
    ]);
    return { person, liked };
  };

  const read = async (
    request: FeedRequest,
    cursor: FeedCursor | null,
    known: Known,
    deadline: Deadline,
  ): Promise<FeedPage> => {
    const { tenant, userId, first } = request;
    const listing =
      cursor === null ? await begin(request, known, deadline) : await listings.find(tenant, userId, cursor.listing);
    const id = cursor?.listing ?? newId();
    const edges: FeedEdge[] = [];
    let more = false;
    for (let at = (cursor?.position ?? -1) + 1; at < listing.posts.length && !more; ) {
      // One more than asked for tells whether there is a next page.
      const part = listing.posts.slice(at, at + first + 1 - edges.length);
      const ids = part.map((post) => post.id);
      const shown = await nowShown(request, known.person, listing.source, ids);
      for (const [place, { score, reason }] of part.entries()) {
        const node = shown[place] ?? null;
        if (node === null) continue;
        if (edges.length === first) more = true;
        else edges.push({ cursor: encodeCursor({ listing: id, position: at + place }), node, score, reason });
      }
      at += part.length;
    }
    const keep = () => within(deadline.of(KEEP_SHARE), listings.keep(tenant, userId, id, listing)).catch(() => false);
    const hasNextPage = more && (cursor !== null || (await keep()));
    const pageInfo = { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null };
    const degraded = edges.length === 0 ? 'EMPTY' : degradationOf(listing, known);
    return { userId, order: listing.order, source: listing.source, edges, pageInfo, degraded };
  };

  return {
    async page(request) {
      const { tenant, userId, order } = request;
      const cursor = request.after === null ? null : decodeCursor('after', request.after);
      const deadline = deadlineIn(deps.deadlineMs);
      const known = await knownOf(request, cursor === null, deadline);
      try {
        const ms = Math.max(LEAST_MS, deadline.of(1));
        return await atMost(ms, (signal) => read({ ...request, signal }, cursor, known, deadline), request.signal);
      } catch (error) {
        if (error instanceof CurioError && error.code === 'BAD_USER_INPUT') throw error;
        request.signal?.throwIfAborted();
        log.error({ err: error, tenant }, 'a feed cannot be read in time: serving nothing of it');
        const pageInfo = { hasNextPage: true, endCursor: request.after };
        return { userId, order, source: 'FOLLOWED', edges: [], pageInfo, degraded: 'EMPTY' };
      }
    },
  };
}

/** What the person did, and whose posts they like; null where it cannot be read in time. */
interface Known {
  readonly person: PersonState | null;
  readonly liked: readonly LikedAuthor[] | null;
}

function degradationOf({ order }: Listing, { person, liked }: Known): Degradation {
  return order === 'RANKED' && (person === null || liked === null) ? 'POPULAR' : 'NONE';
}

const NEW = 'New here';
