import { describe, expect, it } from 'vitest';
import { fuse } from '../../../../src/engine/search/fuse.js';

const level = () => 0;
const rowsOf = (...rankings: Parameters<typeof fuse>[0][number][]) => fuse(rankings, level).map(({ row }) => row);

describe('reciprocal rank fusion', () => {
  it('keeps the order of one ranking, from 1 down', () => {
    const fused = fuse([{ rows: [4, 2, 9], scores: [3, 2, 1], weight: 1 }], level);
    expect(fused.map(({ row }) => row)).toEqual([4, 2, 9]);
    expect(fused[0]?.score).toBe(1);
    expect(fused.every(({ score }) => score > 0 && score <= 1)).toBe(true);
  });

  it('prefers what both name', () => {
    const words = { rows: [1, 2, 3], scores: [3, 2, 1], weight: 1 };
    expect(rowsOf(words, { rows: [3, 5], scores: [2, 1], weight: 1 })[0]).toBe(3);
  });

  it('counts a ranking by its weight', () => {
    const words = { rows: [1, 2], scores: [2, 1], weight: 1 };
    expect(rowsOf(words, { rows: [7], scores: [1], weight: 0.1 })).toEqual([1, 2, 7]);
  });

  it('shares a rank among equals, and then does as preferred', () => {
    const words = { rows: [1, 2, 3], scores: [5, 5, 5], weight: 1 };
    expect(rowsOf(words, { rows: [3], scores: [1], weight: 0.2 })[0]).toBe(3);
    expect(fuse([words], (a, b) => b - a).map(({ row }) => row)).toEqual([3, 2, 1]);
  });
});
