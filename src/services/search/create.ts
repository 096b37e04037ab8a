import type { Clock } from '../../domain/clock.js';
import type { Item } from '../../domain/entities.js';
import type { Log } from '../../domain/log.js';
import type { PersonState, PersonStates } from '../../engine/live/personStates.js';
import type { ActiveRules, RuleBooks } from '../../engine/live/ruleBooks.js';
import { NO_FACETS } from '../../engine/search/facets.js';
import { highlight } from '../../engine/search/highlight.js';
import { personalise } from '../../engine/search/personalise.js';
import type { Searchable, SearchIndexes } from '../../engine/search/searchIndexes.js';
import type { FactorReader } from '../../features/feature.js';
import type { Snapshot } from '../../registry/snapshot.js';
import type { Cache } from '../../store/ports/cache.js';
import { admission, exclusionsOf } from '../recommendations/entityFilter.js';
import type { ItemLookup } from '../recommendations/types.js';
import { decodeCursor, digestOf, encodeCursor, shapeOf } from './cursor.js';
import { createListings, type Listing } from './listing.js';
import type { FoundItem, SearchPage, SearchRequest, SearchService } from './types.js';

export interface SearchDeps {
  readonly registry: { current(tenant: string): Snapshot | null };
  readonly searchIndexes: SearchIndexes;
  readonly personStates: Pick<PersonStates, 'load'>;
  readonly ruleBooks: Pick<RuleBooks, 'load'>;
  readonly factors: FactorReader;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly log: Log;
}

/** What rules call results of a search. */
const SURFACE = 'search';
/** Looked up beyond what is asked for, since now and then one is hidden or gone. */
const SPARE = 5;

const EMPTY: Listing = { ids: [], scores: [], total: 0, facets: NO_FACETS, didYouMean: null, degraded: 'EMPTY' };

export function createSearchService(deps: SearchDeps): SearchService {
  const { registry, searchIndexes, personStates, ruleBooks, factors, clock, log } = deps;
  const listings = createListings(deps.cache);

  /** Null when they cannot be read: then nothing is shown, because some of it might be what a rule keeps out. */
  const rulesOf = async (tenant: string): Promise<ActiveRules | null> => {
    try {
      return await ruleBooks.load(tenant);
    } catch (error) {
      log.error({ err: error, tenant }, 'the rules cannot be read: finding nothing');
      return null;
    }
  };

  /** Null for nobody, and for someone whose history cannot be read. */
  const personOf = async (tenant: string, userId: string | null): Promise<PersonState | null> => {
    if (userId === null) return null;
    try {
      return await personStates.load(tenant, userId);
    } catch (error) {
      log.error({ err: error, tenant }, 'the history of a person cannot be read: searching as for anyone');
      return null;
    }
  };

  const make = async (
    { query, filter, userId }: SearchRequest,
    { index, whole }: Searchable,
    { rules, person, snapshot }: { rules: ActiveRules; person: PersonState | null; snapshot: Snapshot | null },
  ): Promise<Listing> => {
    const { items, total, facets, didYouMean, byMeaning } = await index.search({
      query,
      filter,
      exclusions: exclusionsOf(rules, SURFACE),
    });
    const plain = person !== null && !person.personalised;
    let listed = plain ? without(items, person.banished) : items;
    let ranked = userId === null || plain || snapshot === null || (person !== null && snapshot.ranker !== null);
    if (person?.personalised === true && snapshot !== null) {
      try {
        listed = await personalise(items, { snapshot, person, context: null, now: clock(), factors });
      } catch (error) {
        log.error({ err: error }, 'results cannot be scored for a person: serving them as for anyone');
        ranked = false;
      }
    }
    return {
      ids: listed.map(({ id }) => id),
      scores: listed.map(({ score }) => score),
      total: total - (items.length - listed.length),
      facets,
      didYouMean,
      degraded: !whole ? 'PARTIAL' : !byMeaning ? 'LEXICAL' : ranked ? 'NONE' : 'HEURISTIC_RANKER',
    };
  };

  /** The listing that a cursor names, or the one of now. */
  const listingOf = async (request: SearchRequest, searchable: Searchable, rules: ActiveRules) => {
    const { tenant, userId, after, filter } = request;
    const shape = shapeOf(request);
    const from = after === null ? null : decodeCursor(after, shape);
    if (from !== null) {
      const listing = await listings.find(shape, from.state);
      if (listing !== null) return { listing, shape, state: from.state, next: from.place + 1 };
    }
    const snapshot = registry.current(tenant);
    const person = await personOf(tenant, userId);
    const { index, whole } = searchable;
    const state = digestOf([index.revision, whole, rules.version, snapshot?.version, person?.version, filter?.ids]);
    const known = await listings.find(shape, state);
    const listing = known ?? (await make(request, searchable, { rules, person, snapshot }));
    if (known === null && whole) await listings.keep(shape, state, listing);
    return { listing, shape, state, next: from === null ? 0 : from.place + 1 };
  };

  return {
    async search(request, lookup) {
      const { tenant, first, filter, query } = request;
      const [rules, searchable] = await Promise.all([rulesOf(tenant), searchIndexes.of(tenant)]);
      if (rules === null) return pageOf(EMPTY, [], false);
      request.signal?.throwIfAborted();
      const { listing, shape, state, next } = await listingOf(request, searchable, rules);
      request.signal?.throwIfAborted();
      const mayShow = admission(filter, rules, SURFACE);
      let shown: Awaited<ReturnType<typeof showable>>;
      try {
        shown = await showable(listing, { from: next, first: first + 1 }, { mayShow, lookup });
      } catch (error) {
        request.signal?.throwIfAborted();
        log.error({ err: error, tenant }, 'what was found cannot be read: showing nothing of it');
        return pageOf(EMPTY, [], false);
      }
      const found = searchable.index.wordsFor(query);
      const edges = shown.slice(0, first).map(({ item, place }) => ({
        cursor: encodeCursor({ shape, state, place }),
        node: item,
        score: listing.scores[place] ?? 0,
        highlights: highlightsOf(item, found),
      }));
      return pageOf(listing, edges, shown.length > first);
    },
    async suggest(tenant, prefix, first) {
      const [rules, { index }] = await Promise.all([rulesOf(tenant), searchIndexes.of(tenant)]);
      return rules === null ? [] : index.suggest(prefix, first, exclusionsOf(rules, SURFACE));
    },
    warm: (tenant) => searchIndexes.warm(tenant),
  };
}

function without<Item extends { readonly id: string }>(
  items: readonly Item[],
  ids: readonly string[],
): readonly Item[] {
  const out = new Set(ids);
  return items.filter(({ id }) => !out.has(id));
}

function pageOf(listing: Listing, edges: readonly FoundItem[], hasNextPage: boolean): SearchPage {
  return {
    edges,
    pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount: listing.total,
    facets: listing.facets,
    didYouMean: listing.didYouMean,
    degraded: listing.degraded,
  };
}

/** The first entries of a listing from a place on that may be shown, with their items. Mostly one lookup. */
async function showable(
  { ids }: Listing,
  { from, first }: { readonly from: number; readonly first: number },
  { mayShow, lookup }: { readonly mayShow: (item: Item) => boolean; readonly lookup: ItemLookup },
): Promise<{ item: Item; place: number }[]> {
  const shown: { item: Item; place: number }[] = [];
  for (let at = from; at < ids.length && shown.length < first; ) {
    const some = ids.slice(at, at + first - shown.length + SPARE);
    for (const [offset, item] of (await lookup(some)).entries()) {
      if (item !== null && mayShow(item)) shown.push({ item, place: at + offset });
    }
    at += some.length;
  }
  return shown.slice(0, first);
}

function highlightsOf({ title, tags, category, description }: Item, found: ReadonlySet<string>): string[] {
  return [title, tags.join(', '), category ?? '', description ?? ''].flatMap((text) => highlight(text, found) ?? []);
}
