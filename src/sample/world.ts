import type { Follow, ItemDraft } from '../domain/entities.js';
import { followsAmong } from './follows.js';
import { historyOf, type WorldEvent } from './history.js';
import { lensId, lensOf } from './lenses.js';
import { type Person, personId, personOf } from './people.js';
import { likesOf, postsOf, type SamplePost } from './posts.js';
import { risingOf } from './rising.js';

/** One person in this many makes lenses. */
const AUTHOR_ONE_IN = 12;

export interface WorldOptions {
  readonly users: number;
  readonly items: number;
  readonly seed: number;
  /** Epoch milliseconds; every date of the world is counted back from here. */
  readonly now: number;
}

export interface World {
  readonly seed: number;
  readonly people: readonly Person[];
  readonly items: readonly ItemDraft[];
  readonly follows: readonly Follow[];
  readonly posts: readonly SamplePost[];
  /** What everyone did, about in order of time. Made anew on each call, always the same. */
  history(): Generator<WorldEvent>;
  /** What they do on top of that: likes of posts, and what goes viral at this moment. Posts must be there before. */
  lately(): Generator<WorldEvent>;
}

/** A lens community made of nothing but these numbers: the same options make the same world, byte for byte. */
export function generateWorld({ users, items, seed, now }: WorldOptions): World {
  const people = Array.from({ length: users }, (_, index) => personOf(seed, personId(index), now));
  const authors = people.slice(0, Math.ceil(users / AUTHOR_ONE_IN)).map(({ id }) => id);
  const lenses = Array.from({ length: items }, (_, index) => lensOf(seed, lensId(index), authors, now));
  const follows = followsAmong(seed, people, now);
  const posts = postsOf(seed, people, lenses, follows, now);
  const name = `sample-${seed}-${users}-${items}`;
  return {
    seed,
    people,
    items: lenses,
    follows,
    posts,
    history: () => historyOf({ seed, people, items: lenses, follows, now, name }),
    *lately() {
      yield* likesOf(posts, name);
      yield* risingOf(seed, people, lenses, now, name);
    },
  };
}
