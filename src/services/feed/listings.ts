import { z } from 'zod';
import { HOUR_MS } from '../../domain/clock.js';
import { badInput } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import type { RankedPost } from '../../engine/feed/rankFeed.js';
import { keyOf } from '../../engine/live/keys.js';
import type { Cache } from '../../store/ports/cache.js';
import { StoreAway } from '../../store/ports/storeAway.js';
import type { FeedOrder, FeedSource } from './types.js';

/** A feed as it was when its first page was asked for, best first. */
export interface Listing {
  readonly order: FeedOrder;
  readonly source: FeedSource;
  readonly posts: readonly RankedPost[];
}

/** A place in a listing: the page after it begins at `position + 1`. */
export interface FeedCursor {
  readonly listing: string;
  readonly position: number;
}

export interface Listings {
  /** False when it cannot be kept: then it has one page. */
  keep(tenant: string, userId: string, id: string, listing: Listing): Promise<boolean>;
  /** @throws BAD_USER_INPUT when it has ended. */
  find(tenant: string, userId: string, id: string): Promise<Listing>;
}

const LISTING_MS = HOUR_MS;
const SHAPE = /^([\w-]{1,64})\.(\d{1,6})$/;

const schema = z.object({
  order: z.enum(['RANKED', 'RECENT']),
  source: z.enum(['FOLLOWED', 'RECOMMENDED']),
  reasons: z.array(z.string()),
  posts: z.array(z.tuple([z.string(), z.number(), z.number()])),
});

export function createListings({ cache, log }: { readonly cache: Cache; readonly log: Log }): Listings {
  const key = (tenant: string, userId: string, id: string) => keyOf('feed', tenant, userId, id);
  return {
    async keep(tenant, userId, id, listing) {
      try {
        await cache.setIfAbsent(key(tenant, userId, id), encode(listing), LISTING_MS);
        return true;
      } catch (error) {
        if (!(error instanceof StoreAway)) throw error;
        log.warn({ err: error, tenant }, 'a feed cannot be kept: it has one page');
        return false;
      }
    },
    async find(tenant, userId, id) {
      const text = await cache.get(key(tenant, userId, id));
      const listing = text === null ? null : decode(text);
      if (listing !== null) return listing;
      throw badInput(
        'after',
        'is a cursor of a feed that has ended, an hour after it was begun; ask for the first page',
      );
    },
  };
}

/** Few reasons for many posts: each is written once. */
function encode({ order, source, posts }: Listing): string {
  const reasons = [...new Set(posts.map(({ reason }) => reason))];
  const numbers = new Map(reasons.map((reason, number) => [reason, number]));
  const rows = posts.map(({ id, score, reason }) => [id, Math.round(score * 1e6) / 1e6, numbers.get(reason) ?? 0]);
  return JSON.stringify({ order, source, reasons, posts: rows });
}

/** Null for what this version of the code did not write. */
function decode(text: string): Listing | null {
  const { data } = schema.safeParse(JSON.parse(text));
  if (data === undefined) return null;
  const { order, source, reasons, posts } = data;
  return { order, source, posts: posts.map(([id, score, reason]) => ({ id, score, reason: reasons[reason] ?? '' })) };
}

export function encodeCursor({ listing, position }: FeedCursor): string {
  return Buffer.from(`${listing}.${position}`).toString('base64url');
}

/** @throws BAD_USER_INPUT for anything that `encodeCursor` did not make. */
export function decodeCursor(field: string, cursor: string): FeedCursor {
  const match = SHAPE.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  const decoded = { listing: match?.[1] ?? '', position: Number(match?.[2]) };
  if (match !== null && encodeCursor(decoded) === cursor) return decoded;
  throw badInput(field, 'must be a cursor of this listing, as `endCursor` gave it');
}
