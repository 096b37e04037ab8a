import { describe, expect, it } from 'vitest';
import { patienceFor } from '../../../src/resilience/patience.js';

describe('patience with what a list is made of', () => {
  const usual = { slowMs: 200, readMs: 2_000, callMs: 1_000, commandMs: 250 };

  it.each([
    ['of a second, as operations.md says', 1_000, usual],
    ['that is shorter: no less of it', 20, usual],
    ['that is longer: as much more', 5_000, { slowMs: 1_000, readMs: 10_000, callMs: 5_000, commandMs: 1_250 }],
  ])('for a deadline %s', (_, deadlineMs, patience) => {
    expect(patienceFor(deadlineMs)).toEqual(patience);
  });
});
