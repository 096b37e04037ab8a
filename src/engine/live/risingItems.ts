import type { Counters } from '../../store/ports/counters.js';
import { risingBoard } from './boards.js';

/** What is acted on most at the moment, most first. */
export type RisingItems = readonly { readonly member: string; readonly count: number }[];

/** How long a board is believed, and how long an older one still is while it is read anew behind the answer. */
const FRESH_MS = 500;
const USABLE_MS = 1_000;

interface Kept {
  readonly items: RisingItems;
  readonly at: number;
}

/**
 * The head of a tenant's board: read twice a second and not for each list.
 * @throws StoreAway
 */
export function createRisingItems(
  counters: Pick<Counters, 'top'>,
  most: number,
): (tenant: string, now: number) => RisingItems | Promise<RisingItems> {
  const boards = new Map<string, Kept>();
  const reading = new Map<string, Promise<RisingItems>>();

  const read = (tenant: string, now: number): Promise<RisingItems> => {
    const running = reading.get(tenant);
    if (running !== undefined) return running;
    const started = counters
      .top(risingBoard(tenant), most, now)
      .then((items) => {
        boards.set(tenant, { items, at: now });
        return items;
      })
      .finally(() => reading.delete(tenant));
    reading.set(tenant, started);
    return started;
  };

  return (tenant, now) => {
    const kept = boards.get(tenant);
    const age = kept === undefined ? Number.POSITIVE_INFINITY : Math.abs(now - kept.at);
    if (kept === undefined || age >= USABLE_MS) return read(tenant, now);
    // Who needs it when it is too old to be used hears of the failure.
    if (age >= FRESH_MS) read(tenant, now).catch(() => undefined);
    return kept.items;
  };
}
