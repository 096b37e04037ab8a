import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedCandidate } from '../../../src/domain/posts.js';
import { type FeedReader, rankFeed, recentFeed } from '../../../src/engine/feed/rankFeed.js';

const NOW = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const STRANGER: FeedReader = { likedAuthors: new Map(), tagLiking: () => 0 };

const post = (id: string, parts: Partial<FeedCandidate> = {}): FeedCandidate => ({
  id,
  authorId: id,
  createdAt: NOW,
  likes: 0,
  tags: [],
  ...parts,
});
const idsOf = (posts: readonly { readonly id: string }[]) => posts.map(({ id }) => id);

describe('rankFeed', () => {
  it('puts what is new first, and what many like before what nobody likes', () => {
    const posts = [post('old', { createdAt: NOW - 24 * HOUR }), post('plain'), post('liked', { likes: 500 })];
    const ranked = rankFeed(posts, STRANGER, NOW);
    expect(idsOf(ranked)).toEqual(['liked', 'plain', 'old']);
    expect(ranked.map(({ reason }) => reason)).toEqual([
      'Many people like it',
      'From someone you follow',
      'From someone you follow',
    ]);
  });

  it('lifts authors and tags the person likes, and lowers tags they do not', () => {
    const reader: FeedReader = {
      likedAuthors: new Map([['ann', 20]]),
      tagLiking: (tag) => (tag === 'night' ? 1 : tag === 'day' ? -1 : 0),
    };
    const posts = [
      post('plain'),
      post('ann', { createdAt: NOW - 4 * HOUR }),
      post('night', { createdAt: NOW - 4 * HOUR, tags: ['Night', 'x'] }),
      post('day', { tags: ['day'] }),
    ];
    const ranked = rankFeed(posts, reader, NOW);
    expect(idsOf(ranked)).toEqual(['ann', 'night', 'plain', 'day']);
    expect(ranked[0]?.reason).toBe('You often like posts of this author');
    expect(ranked[1]?.reason).toBe('It is about something you like');
  });

  it('does not let one author fill the list', () => {
    const many = Array.from({ length: 5 }, (_, n) => post(`a${n}`, { authorId: 'ann', createdAt: NOW - n }));
    const ranked = idsOf(rankFeed([...many, post('bob', { createdAt: NOW - HOUR })], STRANGER, NOW));
    expect(ranked.slice(0, 2)).toEqual(['a0', 'bob']);
  });

  it('loses nothing, invents nothing, and orders the same whatever order posts come in', () => {
    const candidate = fc.record({
      id: fc.uuid(),
      authorId: fc.constantFrom('a', 'b', 'c'),
      createdAt: fc.integer({ min: NOW - 90 * 24 * HOUR, max: NOW + HOUR }),
      likes: fc.integer({ min: -1, max: 1e6 }),
      tags: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
    });
    const reader: FeedReader = { likedAuthors: new Map([['b', 2]]), tagLiking: (tag) => (tag === 'x' ? 0.5 : -0.2) };
    fc.assert(
      fc.property(fc.uniqueArray(candidate, { selector: ({ id }) => id, maxLength: 60 }), (posts) => {
        const ranked = rankFeed(posts, reader, NOW);
        expect(idsOf(ranked).sort()).toEqual(idsOf(posts).sort());
        expect(idsOf(rankFeed([...posts].reverse(), reader, NOW))).toEqual(idsOf(ranked));
        for (const { score } of ranked) expect(score > 0 && score < 1).toBe(true);
        const scores = ranked.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }),
    );
  });
});

it('recentFeed keeps the order it is given', () => {
  const ranked = recentFeed([post('b'), post('a', { createdAt: NOW - 12 * HOUR })], NOW);
  expect(ranked.map(({ id, score }) => [id, score])).toEqual([
    ['b', 1],
    ['a', 0.5],
  ]);
});
