import { DAY_MS } from '../../domain/clock.js';
import type { Interactions } from '../examples/interactions.js';
import type { SearchSpace } from '../tuning/space.js';

export interface PopularityParameters {
  readonly halfLifeDays: number;
}

export const POPULARITY_DEFAULTS: PopularityParameters = { halfLifeDays: 180 };

export const POPULARITY_SPACE: SearchSpace<PopularityParameters> = {
  halfLifeDays: [3, 7, 14, 30, 60, 90, 180, 365, 730, 3650],
};

export interface PopularityModel {
  /** Item indices by falling prior, then newest first, then index. */
  readonly order: Int32Array;
  /** 0 to 1: decayed positive worth, as a share of the most popular item's. All 0 when nobody liked anything. */
  readonly prior: Float32Array;
}

/**
 * Positive worth per person and item, halved every half-life before the newest event, so that the clock leaves no trace.
 * `createdAt` in epoch milliseconds.
 */
export function trainPopularity(options: {
  readonly interactions: Interactions;
  readonly createdAt: Float64Array;
  readonly parameters: PopularityParameters;
}): PopularityModel {
  const { interactions, createdAt, parameters } = options;
  const { itemCount, items, worth, times } = interactions;
  const halfLife = parameters.halfLifeDays * DAY_MS;
  const newest = times.reduce((latest, time) => Math.max(latest, time), 0);
  const mass = new Float64Array(itemCount);
  for (let at = 0; at < items.length; at++) {
    const item = items[at] ?? 0;
    const decay = 0.5 ** ((newest - (times[at] ?? 0)) / halfLife);
    mass[item] = (mass[item] ?? 0) + Math.max(0, worth[at] ?? 0) * decay;
  }
  const most = mass.reduce((largest, value) => Math.max(largest, value), 0);
  const prior = Float32Array.from(mass, (value) => (most > 0 ? value / most : 0));
  const order = Int32Array.from(prior.keys()).sort(
    (a, b) => (prior[b] ?? 0) - (prior[a] ?? 0) || (createdAt[b] ?? 0) - (createdAt[a] ?? 0) || a - b,
  );
  return { order, prior };
}
