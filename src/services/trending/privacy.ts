import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import type { Cache } from '../../store/ports/cache.js';
import { burst, LEAST_PEOPLE } from './burst.js';
import type { Counts, Rising } from './rankings.js';
import { type TrendingWindow, USUAL_SPAN, WINDOWS } from './windows.js';

/** Releases in one window: fewer need less noise each. */
const RELEASES = 4;
/** Probability that a release tells that an item exists at all, for one person's sake. */
const DELTA = 1e-6;

/** Sum over all releases of how much one person changes a count, whose weight falls by e in `lives` releases. */
const influence = (lives: number) => 1 / (1 - Math.exp(-1 / lives));
const RECENT_INFLUENCE = influence(RELEASES);
/** On the usual count of one window. */
const USUAL_INFLUENCE = influence(RELEASES * USUAL_SPAN) / (USUAL_SPAN - 1);

const stored = z.array(
  z.object({ itemId: z.string(), score: z.number(), expected: z.number(), change: z.number() }),
) satisfies z.ZodType<Rising[]>;

/**
 * (ε, δ)-differential privacy of what one person did with one item in one window (Dwork et al. 2006): both counts get Laplace
 * noise, half of ε each, for all releases in which the person has weight together; items appear from a threshold that
 * one person reaches with a probability of δ at most (Korolova et al. 2009). A release stands for a quarter of the window on
 * all nodes, so that asking again tells nothing new. The traffic of other items is left out.
 */
export function createReleases(parts: {
  readonly epsilon: number;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly read: (tenant: string, window: TrendingWindow) => Promise<Counts>;
}): (tenant: string, window: TrendingWindow) => Promise<Rising[]> {
  const { epsilon, cache, clock, read } = parts;
  return async (tenant, window) => {
    const lasts = WINDOWS[window] / RELEASES;
    const key = `trending:release:${window}:${Math.floor(clock() / lasts)}:${tenant}`;
    const known = await cache.get(key);
    if (known !== null) return stored.parse(JSON.parse(known));
    const released = release(await read(tenant, window), epsilon);
    return stored.parse(JSON.parse(await cache.setIfAbsent(key, JSON.stringify(released), 2 * lasts)));
  };
}

/** @internal for tests; `uniform` answers numbers in (0, 1). */
export function release({ items }: Counts, epsilon: number, uniform: () => number = secureUniform): Rising[] {
  const recentScale = (2 * RECENT_INFLUENCE) / epsilon;
  const usualScale = (2 * USUAL_INFLUENCE) / epsilon;
  const least = LEAST_PEOPLE + recentScale * Math.log(1 / (2 * DELTA));
  return items
    .flatMap(({ itemId, recent, usual }) => {
      const noisy = recent + laplace(recentScale, uniform);
      const before = (usual - recent) / (USUAL_SPAN - 1) + laplace(usualScale, uniform);
      const tallies = { recent: noisy, usual: noisy + Math.max(0, before) * (USUAL_SPAN - 1) };
      const found = burst(tallies, tallies, least);
      return found === null ? [] : [{ itemId, ...found }];
    })
    .sort((a, b) => b.score - a.score || (a.itemId < b.itemId ? -1 : 1));
}

function laplace(scale: number, uniform: () => number): number {
  const u = uniform() - 0.5;
  return -scale * Math.sign(u) * Math.log(1 - 2 * Math.abs(u));
}

/** Noise that could be guessed would hide nothing. */
function secureUniform(): number {
  return (randomBytes(6).readUIntBE(0, 6) + 0.5) / 2 ** 48;
}
