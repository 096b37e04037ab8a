import { USUAL_SPAN } from './windows.js';

/** What is counted of one item, and of all items together; decayed people, see `windows.ts`. */
export interface Tallies {
  readonly recent: number;
  /** Over `USUAL_SPAN` windows; holds `recent` too. */
  readonly usual: number;
}

export interface Burst {
  /** Order of the list, above 0: how many times as many people as usual there are, at the least. */
  readonly score: number;
  /** Expected people of one window. */
  readonly expected: number;
  /** (recent − expected) / expected, with at least one person expected. */
  readonly change: number;
}

/** Fewer people than this, lately, say nothing; a little less than three, which three have faded to. */
export const LEAST_PEOPLE = 2.5;
/** People added to what is expected, so that being new is no burst by itself. */
const PRIOR_PEOPLE = 3;
/** People added on both sides of the growth of everything else, so that a quiet night is no reason to expect nothing. */
const PRIOR_GROWTH = 50;
/** One-sided 95 %. */
const Z = 1.645;

/**
 * How surely an item rises. People come as a Poisson process, and a rate has the Gamma posterior of a count with Jeffreys'
 * prior, Gamma(count + ½, time) (Gelman et al. 2013, Bayesian Data Analysis, 2.6). The score is the lower 95 % bound of the
 * rate now over the upper 95 % bound of the usual rate plus three people, so that being new is no burst by itself. What is
 * usual is the longer count without the present window, so that a burst does not become its own expectation (a burst is a
 * rate above one's own base rate: Kleinberg 2002); it grows with the traffic of all other items, so that a busy hour lifts
 * nobody, and never shrinks with it. Null for what does not surely rise, or has fewer than three people.
 */
export function burst(item: Tallies, all: Tallies, least: number = LEAST_PEOPLE): Burst | null {
  const { recent } = item;
  if (recent < least) return null;
  const before = Math.max(0, item.usual - recent);
  const windows = USUAL_SPAN - 1;
  const others = Math.max(0, all.recent - recent);
  const othersBefore = Math.max(0, all.usual - all.recent - before);
  const growth = Math.max(1, (others + PRIOR_GROWTH) / (othersBefore / windows + PRIOR_GROWTH));
  const expected = (before / windows) * growth;
  const least95 = gammaQuantile(recent + 0.5, -Z);
  const most95 = (gammaQuantile(before + 0.5, Z) / windows) * growth;
  if (least95 <= most95) return null;
  return { score: least95 / (most95 + PRIOR_PEOPLE), expected, change: (recent - expected) / Math.max(1, expected) };
}

/** Quantile of Gamma(shape, 1) at the normal quantile z (Wilson and Hilferty 1931); off by less than 2 % from shape 2.5 on. */
export function gammaQuantile(shape: number, z: number): number {
  return shape * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;
}
