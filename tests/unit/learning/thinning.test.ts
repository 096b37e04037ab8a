import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/domain/random.js';
import type { ReplayedList } from '../../../src/learning/examples/rankerExamples.js';
import { thinList } from '../../../src/learning/examples/thinning.js';

function listOf(gains: readonly number[]): ReplayedList {
  return {
    user: 0,
    now: 0,
    candidates: Int32Array.from(gains.keys()),
    matrix: Float32Array.from(gains.flatMap((gain, row) => [row, gain])),
    labels: Uint8Array.from(gains, (gain) => (gain > 1.5 ? 1 : 0)),
    gains: Float32Array.from(gains),
    liked: new Set(),
  };
}

describe('thinList', () => {
  const gains = Array.from({ length: 400 }, (_, row) => (row % 100 === 7 ? 3 : row % 50 === 1 ? -1 : 0));

  it('keeps every row that was met, and lets the others stand for all', () => {
    const { matrix, labels, gains: kept, counts } = thinList(listOf(gains), seededRandom(1));
    expect(kept.filter((gain) => gain === 3)).toHaveLength(4);
    expect(kept.filter((gain) => gain === -1)).toHaveLength(8);
    expect(labels.reduce((sum, label) => sum + label, 0)).toBe(4);
    expect(labels.length).toBeLessThan(100);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeCloseTo(400, 3);
    for (const [row, gain] of kept.entries()) {
      if (row > 0) expect(matrix[2 * row]).toBeGreaterThan(matrix[2 * row - 2] ?? 400);
      expect(matrix[2 * row + 1]).toBe(gain);
      expect(gains[matrix[2 * row] ?? -1]).toBe(gain);
      if (gain !== 0) expect(counts[row]).toBe(1);
    }
  });

  it('draws the same rows for the same seed, others for another', () => {
    expect(thinList(listOf(gains), seededRandom(1))).toEqual(thinList(listOf(gains), seededRandom(1)));
    expect(thinList(listOf(gains), seededRandom(2))).not.toEqual(thinList(listOf(gains), seededRandom(1)));
  });

  it('leaves a short list whole', () => {
    const short = thinList(listOf([0, 3, 0, -1]), seededRandom(1));
    expect(Array.from(short.counts)).toEqual([1, 1, 1, 1]);
    expect(thinList(listOf([]), seededRandom(1)).labels).toHaveLength(0);
  });
});
