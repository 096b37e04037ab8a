import { describe, expect, it } from 'vitest';
import { relativeToBest } from '../../../src/retrieval/relative.js';

describe('relativeToBest', () => {
  it('measures by the mean of the twenty best', () => {
    const scores = Float32Array.from({ length: 30 }, (_, at) => 30 - at);
    const mean = (30 + 11) / 2;
    expect(relativeToBest(scores.slice())).toEqual(scores.map((score) => score / mean));
  });

  it('measures a short list by all of it, and keeps what is below zero there', () => {
    expect(relativeToBest(Float32Array.of(3, -1, 1))).toEqual(Float32Array.of(3, -1, 1));
    expect(relativeToBest(new Float32Array(0))).toHaveLength(0);
  });

  it('says nothing where the best say nothing', () => {
    expect(relativeToBest(Float32Array.of(0, 0))).toEqual(Float32Array.of(0, 0));
    expect(relativeToBest(Float32Array.of(-2, -1))).toEqual(Float32Array.of(0, 0).map((zero) => -zero));
  });

  it('does not change with the unit of the scores', () => {
    const scores = Float32Array.from({ length: 40 }, (_, at) => (at * 7) % 40);
    expect(relativeToBest(scores.map((score) => 8 * score))).toEqual(relativeToBest(scores.slice()));
  });
});
