import { DAY_MS } from '../domain/clock.js';
import type { Feature } from './feature.js';

const HALF_LIFE_DAYS = 30;

/** 1 for an item made this moment, half after a month. */
export const freshness: Feature = {
  name: 'freshness',
  meaning: 'it is new',
  personal: false,
  compute({ catalogue, now }, { items: candidates }, out) {
    for (let row = 0; row < candidates.length; row++) {
      const days = Math.max(0, now - (catalogue.items.createdAt[candidates[row] ?? 0] ?? now)) / DAY_MS;
      out[row] = 0.5 ** (days / HALF_LIFE_DAYS);
    }
  },
};
