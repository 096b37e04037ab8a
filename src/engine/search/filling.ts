import { setImmediate as turn } from 'node:timers/promises';
import type { Item } from '../../domain/entities.js';
import type { CatalogueIndex } from './catalogueIndex.js';

/** A catalogue on its way into an index. */
export interface Filling {
  readonly target: CatalogueIndex;
  /** What vectors and popularity of the index come from. */
  readonly basis: string;
  /** Items that were read anew since it began: what a page says of them may be older. */
  readonly touched: Set<string>;
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly pages: AsyncIterator<readonly Item[]>;
  /** What is left of a page, and how far it is read. */
  page: readonly Item[];
  at: number;
}

/** A piece of a catalogue, small enough for a millisecond or two: so many items, or so many signs of text. */
const ITEMS_AT_ONCE = 32;
const SIGNS_AT_ONCE = 4_000;

export function beginFilling(target: CatalogueIndex, basis: string, pages: AsyncIterable<readonly Item[]>): Filling {
  target.expect();
  return {
    target,
    basis,
    touched: new Set(),
    startedAt: performance.now(),
    pages: pages[Symbol.asyncIterator](),
    page: [],
    at: 0,
  };
}

/** Puts the next piece in. False when there was none left. */
export async function fillSome(filling: Filling): Promise<boolean> {
  const { target, touched } = filling;
  if (filling.at >= filling.page.length) {
    const next = await filling.pages.next();
    if (next.done === true) return false;
    filling.page = next.value;
    filling.at = 0;
  }
  const piece: Item[] = [];
  let signs = 0;
  while (filling.at < filling.page.length && piece.length < ITEMS_AT_ONCE && signs < SIGNS_AT_ONCE) {
    const item = filling.page[filling.at++];
    if (item === undefined || touched.has(item.id)) continue;
    piece.push(item);
    signs += item.title.length + (item.description?.length ?? 0);
  }
  await target.put(piece);
  await turn();
  return true;
}
