import type { Reranker } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';

/** Puts the items that rules pin where the rules want them; the others close up around them. */
export const pins: Reranker<RankingQuery> = {
  name: 'pins',
  rerank({ rules }, { items }, { order, scores }) {
    if (rules.pins.length === 0) return { order, scores, moved: new Map() };
    const rowOf = new Map<number, number>();
    for (const row of order) rowOf.set(items[row] ?? 0, row);
    const held = rules.pins.flatMap((pin) => {
      const row = rowOf.get(pin.item);
      return row === undefined ? [] : [{ ...pin, row }];
    });
    const heldRows = new Set(held.map(({ row }) => row));
    const others = order.filter((row) => !heldRows.has(row));
    const result = new Int32Array(order.length);
    let next = 0;
    let other = 0;
    for (let place = 0; place < result.length; place++) {
      const pin = held[next];
      // A position beyond the end is the end: then only pins are left.
      if (pin !== undefined && (pin.position <= place || other === others.length)) {
        result[place] = pin.row;
        next++;
      } else result[place] = others[other++] ?? 0;
    }
    const moved = new Map<number, string>();
    for (const { id, row } of held) {
      const [from, to] = [order.indexOf(row), result.indexOf(row)];
      if (from !== to) moved.set(row, `pinned by ${id}: position ${from} to ${to}`);
    }
    return { order: result, scores, moved };
  },
};
