import { within } from '../../domain/within.js';
import { UNCERTAIN_POPULARITY } from '../chance.js';
import type { Exposures } from '../live/exposures.js';
import type { Hydrator } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

/** Columns of counts; NaN for items that are not uncertain. */
export const SHOWN = 'shown_lately';
export const TOOK_TO = 'took_to_lately';
export const AUTHOR_SHOWN = 'author_shown_lately';

const DEADLINE_MS = 50;
/** Uncertain candidates that are looked up, in the order they were found. */
const MOST = 150;

/** How often uncertain candidates were shown and taken to, for exploration. */
export function exposure(exposures: Pick<Exposures, 'read'>): Hydrator<RankingQuery> {
  return {
    name: 'exposure',
    async hydrate({ snapshot, chance }, { items }) {
      if (chance.share === 0) return { items, columns: new Map() };
      const { ids, popularity, author } = snapshot.items;
      const rows: number[] = [];
      for (let row = 0; row < items.length && rows.length < MOST; row++) {
        if ((popularity[items[row] ?? 0] ?? 0) < UNCERTAIN_POPULARITY) rows.push(row);
      }
      const authorOf = (row: number) => author.names[author.codes[items[row] ?? 0] ?? -1] ?? null;
      const authors = [...new Set(rows.map(authorOf).filter((name) => name !== null))];
      const itemIds = rows.map((row) => ids[items[row] ?? 0] ?? '');
      const read = exposures.read(snapshot.tenant, itemIds, authors);
      const counts = read instanceof Promise ? await within(DEADLINE_MS, read) : read;
      const byAuthor = new Map(authors.map((name, at) => [name, counts.authors[at] ?? 0]));
      const column = (countOf: (row: number, at: number) => number) => {
        const values = new Float32Array(items.length).fill(Number.NaN);
        rows.forEach((row, at) => {
          values[row] = countOf(row, at);
        });
        return values;
      };
      return {
        items,
        columns: new Map([
          [SHOWN, column((_, at) => counts.shown[at] ?? 0)],
          [TOOK_TO, column((_, at) => counts.tookTo[at] ?? 0)],
          // An item without an author is nobody's.
          [AUTHOR_SHOWN, column((row) => byAuthor.get(authorOf(row) ?? '') ?? Number.NaN)],
        ]),
      };
    },
  };
}
