import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/domain/random.js';
import { release } from '../../../../src/services/trending/privacy.js';
import type { Counts } from '../../../../src/services/trending/rankings.js';

const counts = (recent: number): Counts => ({
  items: [{ itemId: 'a', recent, usual: recent }],
  all: { recent, usual: recent },
});

describe('release', () => {
  it('has noise of the scale that ε asks for', () => {
    const random = seededRandom(1);
    const uniform = () => Math.max(1e-12, random());
    const spread = (epsilon: number) => {
      const changes = Array.from({ length: 4_000 }, () => release(counts(100_000), epsilon, uniform)[0]?.change ?? 0);
      const middle = changes.reduce((sum, change) => sum + change, 0) / changes.length;
      return changes.reduce((sum, change) => sum + Math.abs(change - middle), 0) / changes.length;
    };
    // The mean absolute deviation of Laplace noise is its scale, here 2 / (1 − exp(−1/4)) / ε people, and the noise of what is
    // usual divides by one person or more: it can only make it smaller.
    expect(spread(1)).toBeGreaterThan(spread(10) * 3);
  });

  it('lets nothing appear that one person could have made appear', () => {
    const random = seededRandom(2);
    const uniform = () => Math.max(1e-12, random());
    const shown = (people: number) =>
      Array.from({ length: 2_000 }, () => release(counts(people), 1, uniform).length).reduce(
        (sum, one) => sum + one,
        0,
      );
    expect(shown(1)).toBe(0);
    expect(shown(20)).toBe(0);
    expect(shown(400)).toBe(2_000);
  });
});
