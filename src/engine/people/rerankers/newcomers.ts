import type { Reranker } from '../../pipeline/stages.js';
import type { PeopleQuery } from '../query.js';

/** Every so many places the next goes to a newcomer, if no newcomer stands there by score. */
const EVERY = 8;

/**
 * A small share for people that the version does not know: nothing leads to them yet, so that score alone would never
 * show them, and nothing would ever lead to them. The best of them by score come first.
 */
export const newcomers: Reranker<PeopleQuery> = {
  name: 'newcomers',
  rerank({ known, count }, { items }, { order, scores }) {
    const size = known?.model.table.size ?? 0;
    const isNew = (row: number) => (items[row] ?? 0) >= size;
    if (known === null) return { order, scores, moved: new Map() };
    const rest = Array.from(order);
    const result: number[] = [];
    const moved = new Map<number, string>();
    let since = 0;
    while (rest.length > 0) {
      const due = since === EVERY - 1 && result.length < count;
      const place = due ? rest.findIndex(isNew) : 0;
      const [row = 0] = rest.splice(Math.max(0, place), 1);
      if (place > 0) moved.set(row, `exploration: position ${result.length + place} to ${result.length}`);
      since = isNew(row) ? 0 : since + 1;
      if (place < 0) since = EVERY;
      result.push(row);
    }
    return { order: Int32Array.from(result), scores, moved };
  },
};
