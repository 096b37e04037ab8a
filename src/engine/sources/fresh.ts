import type { ItemTable, TableShelf } from '../../registry/snapshot.js';
import { keepBest } from '../../retrieval/best.js';
import { UNCERTAIN_POPULARITY } from '../chance.js';
import type { Source } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

const QUOTA = 60;
/** Half of the quota goes to the newest. */
const NEWEST = 30;
/** More are known, since some are filtered out. */
const KNOWN_NEWEST = 500;
/** Far apart in the table, so that one import or one author is not looked at as a whole; no catalogue is a multiple of it. */
const STRIDE = 1_000_003;

interface Uncertain {
  readonly items: Int32Array;
  /** Newest first. */
  readonly newest: Int32Array;
}

/**
 * Items of which little is known: the newest of them, and of the others some in turn, so that each is looked at by someone at
 * some hour. Only for lists that leave something to chance. Scores are 1.
 */
export function fresh(): Source<RankingQuery> {
  const tables = new WeakMap<ItemTable, Uncertain>();
  const uncertainOf = (table: ItemTable): Uncertain => {
    const { shelf } = table;
    const known =
      tables.get(table) ?? (shelf === undefined ? uncertain(table) : withShelf(uncertainOf(shelf.base), table, shelf));
    tables.set(table, known);
    return known;
  };
  return {
    name: 'fresh',
    quota: QUOTA,
    deadlineMs: 100,
    enabled: ({ chance }) => chance.share > 0,
    fetch({ snapshot, finding: { masked }, chance }) {
      const { items, newest } = uncertainOf(snapshot.items);
      const found = new Set<number>();
      for (const item of newest) {
        if (found.size >= NEWEST) break;
        if (masked[item] === 0) found.add(item);
      }
      const start = chance.turn % Math.max(1, items.length);
      for (let n = 0; n < items.length && n < 2 * QUOTA && found.size < QUOTA; n++) {
        const item = items[(start + n * STRIDE) % items.length] ?? 0;
        if (masked[item] === 0) found.add(item);
      }
      return { items: Int32Array.from(found), scores: new Float32Array(found.size).fill(1) };
    },
  };
}

/** One pass over the table: about ten milliseconds for a million items, once for each snapshot. */
function uncertain({ size, popularity, createdAt }: ItemTable): Uncertain {
  const items: number[] = [];
  const best = keepBest(KNOWN_NEWEST);
  let latest = 0;
  for (let item = 0; item < size; item++) latest = Math.max(latest, createdAt[item] ?? 0);
  for (let item = 0; item < size; item++) {
    if ((popularity[item] ?? 0) >= UNCERTAIN_POPULARITY) continue;
    items.push(item);
    // Against the latest, because 32 bits cannot tell moments of one day apart.
    best.offer(item, (createdAt[item] ?? 0) - latest);
  }
  return { items: Int32Array.from(items), newest: best.take().items };
}

/** What came since the version was made is uncertain, too; what is gone of it is masked. */
function withShelf({ items, newest }: Uncertain, { size, createdAt }: ItemTable, { base }: TableShelf): Uncertain {
  const live = Int32Array.from({ length: size - base.size }, (_, at) => base.size + at);
  const all = new Int32Array(items.length + live.length);
  all.set(items);
  all.set(live, items.length);
  const byAge = [...newest, ...live].sort((a, b) => (createdAt[b] ?? 0) - (createdAt[a] ?? 0) || a - b);
  return { items: all, newest: Int32Array.from(byAge.slice(0, KNOWN_NEWEST)) };
}
