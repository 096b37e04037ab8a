import { HOUR_MS } from '../../domain/clock.js';
import type { FeedCandidate } from '../../domain/posts.js';
import { normaliseTag } from '../../registry/itemTable.js';
import { logistic } from '../scorers/logistic.js';

/** What of a person decides the order of their feed. */
export interface FeedReader {
  /** Author → how many of the person's newest likes went to them. */
  readonly likedAuthors: ReadonlyMap<string, number>;
  /** Liking of a tag, −1 to 1; 0 where nothing is known. */
  readonly tagLiking: (tag: string) => number;
}

export interface RankedPost {
  readonly id: string;
  /** 0 to 1; comparable within one feed. */
  readonly score: number;
  readonly reason: string;
}

/**
 * Log-odds per unit of evidence, picked by hand so that a post of the last hours leads, unless its author or its subject says
 * nothing to the person and another's says much.
 */
const WEIGHTS = { recency: 3, author: 1.5, tags: 1.2, likes: 0.4 };
const BIAS = -2.5;
/** After so long a post is half as new. */
const HALF_LIFE_MS = 12 * HOUR_MS;
/** So many likes make half a favourite of an author. */
const HALF_FAVOURITE = 3;
/** What each earlier post of the same author costs a post, in log-odds. */
const REPETITION = 0.5;

/**
 * Orders posts by how new they are, how often the person likes their author, how they like the tags, and how many others liked
 * them; whoever posted much does not fill the list. Equal scores go by id.
 */
export function rankFeed(posts: readonly FeedCandidate[], reader: FeedReader, now: number): RankedPost[] {
  const judged = posts
    .map((post) => ({ post, evidence: evidenceOf(post, reader, now) }))
    .map(({ post, evidence }) => ({ post, evidence, odds: oddsOf(evidence) }))
    .sort(byOdds);
  const earlier = new Map<string, number>();
  return judged
    .map((one) => {
      const before = earlier.get(one.post.authorId) ?? 0;
      earlier.set(one.post.authorId, before + 1);
      return { ...one, odds: one.odds - REPETITION * before };
    })
    .sort(byOdds)
    .map(({ post, evidence, odds }) => ({ id: post.id, score: logistic(odds), reason: reasonOf(evidence) }));
}

/** In the order they were posted, newest first. */
export function recentFeed(posts: readonly FeedCandidate[], now: number): RankedPost[] {
  return posts.map(({ id, createdAt }) => ({ id, score: newness(createdAt, now), reason: FOLLOWED }));
}

type Evidence = Readonly<Record<keyof typeof WEIGHTS, number>>;

function evidenceOf({ authorId, createdAt, likes, tags }: FeedCandidate, reader: FeedReader, now: number): Evidence {
  const favours = reader.likedAuthors.get(authorId) ?? 0;
  const likings = tags.map((tag) => reader.tagLiking(normaliseTag(tag)));
  return {
    recency: newness(createdAt, now),
    author: favours / (favours + HALF_FAVOURITE),
    tags: likings.reduce((strongest, liking) => (Math.abs(liking) > Math.abs(strongest) ? liking : strongest), 0),
    likes: Math.log10(1 + Math.max(0, likes)),
  };
}

function newness(createdAt: number, now: number): number {
  return 2 ** (-Math.max(0, now - createdAt) / HALF_LIFE_MS);
}

function oddsOf({ recency, author, tags, likes }: Evidence): number {
  return BIAS + WEIGHTS.recency * recency + WEIGHTS.author * author + WEIGHTS.tags * tags + WEIGHTS.likes * likes;
}

const FOLLOWED = 'From someone you follow';

/** By what lifts the post most, beside its being new. It names nobody and nothing that others may not know. */
function reasonOf({ author, tags, likes }: Evidence): string {
  const lifts = [
    { by: WEIGHTS.author * author, says: 'You often like posts of this author' },
    { by: WEIGHTS.tags * tags, says: 'It is about something you like' },
    { by: WEIGHTS.likes * likes, says: 'Many people like it' },
  ].sort((a, b) => b.by - a.by);
  const [best] = lifts;
  return best !== undefined && best.by >= 0.4 ? best.says : FOLLOWED;
}

function byOdds(
  a: { readonly post: FeedCandidate; readonly odds: number },
  b: { readonly post: FeedCandidate; readonly odds: number },
): number {
  return b.odds - a.odds || (a.post.id < b.post.id ? -1 : 1);
}
