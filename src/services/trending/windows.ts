import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/clock.js';
import type { Board } from '../../store/ports/counters.js';

/** How far back "lately" reaches. */
export type TrendingWindow = 'MINUTES_15' | 'HOUR' | 'DAY' | 'WEEK';

/** Lengths in milliseconds. */
export const WINDOWS: Readonly<Record<TrendingWindow, number>> = {
  MINUTES_15: 15 * MINUTE_MS,
  HOUR: HOUR_MS,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
};

export const WINDOW_NAMES: readonly TrendingWindow[] = ['MINUTES_15', 'HOUR', 'DAY', 'WEEK'];

/** What is usual is measured over so many windows. */
export const USUAL_SPAN = 24;

/** Lately, or over the time that says what is usual; the latter holds the former too. */
export type Reach = 'recent' | 'usual';

/** Mean age of what a board counts, in milliseconds: a steady rate r per millisecond makes a count of r times this. */
export function reachMs(window: TrendingWindow, reach: Reach): number {
  return WINDOWS[window] * (reach === 'recent' ? 1 : USUAL_SPAN);
}

/** People who took to each item. */
export function itemBoard(tenant: string, window: TrendingWindow, reach: Reach): Board {
  return { name: `trending:${window}:${reach}:${tenant}`, halfLifeMs: halfLifeMs(window, reach) };
}

/** The same, summed over all items; its members are tenants. */
export function totalBoard(window: TrendingWindow, reach: Reach): Board {
  return { name: `trendingTotals:${window}:${reach}`, halfLifeMs: halfLifeMs(window, reach) };
}

function halfLifeMs(window: TrendingWindow, reach: Reach): number {
  return reachMs(window, reach) * Math.LN2;
}
