import { DAY_MS } from '../domain/clock.js';
import type { Follow, ItemDraft } from '../domain/entities.js';
import type { PostDraft } from '../domain/posts.js';
import type { Random } from '../domain/random.js';
import type { WorldEvent } from './history.js';
import type { Person } from './people.js';
import { pick, pickSome } from './pick.js';
import { randomOf } from './taste.js';

/** One post for so many people, all of the last fortnight. */
const POST_ONE_IN = 6;
/** So many of the first people have half of the posts in their feeds, each as many. */
const READERS = 20;
const POST_DAYS = 14;
/** Of the followers of its author; fewer where there are not so many. */
const MOST_LIKES = 6;
const TAG = /^[\p{L}\p{N}_]+$/u;

/** Each stands by itself, since it is the title of the post. */
const LINES = [
  '“$” on every call',
  'My sister in “$”',
  'A week of “$”',
  '“$”, first light, no edits',
  '“$” at the harbour',
  'More like “$”, please',
  'Two hours of sleep and “$”',
  'Grandmother asks for “$”',
] as const;

export interface SamplePost {
  readonly draft: PostDraft;
  readonly likes: readonly { readonly userId: string; readonly at: number }[];
}

/** What people posted about lenses, and who liked it: the more followers, the more posts. */
export function postsOf(
  seed: number,
  people: readonly Person[],
  items: readonly ItemDraft[],
  follows: readonly Follow[],
  now: number,
): SamplePost[] {
  if (follows.length === 0 || items.length === 0) return [];
  const readers = people.slice(0, READERS).map(({ id }) => follows.filter(({ followerId }) => followerId === id));
  const followers = new Map<string, string[]>();
  for (const { followerId, followeeId } of follows) {
    const known = followers.get(followeeId);
    if (known === undefined) followers.set(followeeId, [followerId]);
    else known.push(followerId);
  }
  const joined = new Map(people.map(({ id, draft }) => [id, draft.createdAt?.getTime() ?? now]));
  /** Between a moment and now, rather soon than late. */
  const since = (random: Random, start: number) => Math.floor(start + (now - start) * random() ** 2);
  return Array.from({ length: Math.ceil(people.length / POST_ONE_IN) }, (_, index) => {
    const id = `post-${index + 1}`;
    const random = randomOf(seed, 'post', id);
    const reads = index % 2 === 0 ? (readers[(index / 2) % readers.length] ?? []) : [];
    const authorId = pick(random, reads.length > 0 ? reads : follows).followeeId;
    const lens = pick(random, items);
    const start = Math.max(now - POST_DAYS * DAY_MS, joined.get(authorId) ?? now, lens.createdAt?.getTime() ?? now);
    // Most of them are new.
    const at = Math.floor(now - (now - start) * random() ** 2);
    const likes = pickSome(random, followers.get(authorId) ?? [], Math.floor((MOST_LIKES + 1) * random())).map(
      (userId) => ({ userId, at: since(random, Math.max(at, joined.get(userId) ?? now)) }),
    );
    return { draft: { id, authorId, ...wordsOf(random, lens), media: null, createdAt: new Date(at) }, likes };
  });
}

/** The picture is that of the lens it is about. */
function wordsOf(random: Random, { title, tags = [], previewUrl = null }: ItemDraft) {
  const line = pick(random, LINES).replace('$', title);
  const marked = tags.filter((tag) => TAG.test(tag)).slice(0, 3);
  return { title: line, text: `${line}\n${marked.map((tag) => `#${tag}`).join(' ')}`, tags: marked, previewUrl };
}

/** Likes as events of the log, so that lists learn from them. */
export function* likesOf(posts: readonly SamplePost[], name: string): Generator<WorldEvent> {
  for (const { draft, likes } of posts) {
    for (const { userId, at } of likes) {
      yield {
        eventId: `${name}-${draft.id}-${userId}`,
        userId,
        target: { itemId: draft.id },
        action: 'LIKE',
        value: null,
        durationMs: null,
        requestId: null,
        position: null,
        context: null,
        occurredAt: at,
      };
    }
  }
}
