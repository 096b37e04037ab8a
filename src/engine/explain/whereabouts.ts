import type { ItemTrace } from '../../domain/trace.js';
import type { ItemTable } from '../../registry/snapshot.js';
import type { Rule } from '../filters/rule.js';
import type { Ranking } from '../pipeline/pipeline.js';

/** Where items are in a ranking of which the first `first` are shown, or what became of them. */
export function whereabouts<Q>(parts: {
  readonly query: Q;
  readonly ranking: Ranking;
  readonly items: Pick<ItemTable, 'indexOf'>;
  /** What may keep an item from being looked for. */
  readonly rules: readonly Rule<Q>[];
  readonly first: number;
}): (itemId: string) => ItemTrace {
  const { query, ranking, items, rules, first } = parts;
  const { candidates, order, scores } = ranking;
  const judges = rules.map((rule) => ({ name: rule.name, judge: rule.judge(query) }));
  const objection = (item: number): string | null => {
    for (const { name, judge } of judges) {
      const reason = judge?.(item) ?? null;
      if (reason !== null) return `kept out by ${name}: ${reason}`;
    }
    for (const { filter, items: removed, reasons } of ranking.removed) {
      const at = removed.indexOf(item);
      if (at >= 0) return `taken out by ${filter}: ${reasons[at]}`;
    }
    return null;
  };
  const absent = (itemId: string, why: string): ItemTrace => ({
    itemId,
    position: null,
    score: null,
    sources: [],
    rules: [],
    why,
  });

  return (itemId) => {
    const item = items.indexOf(itemId);
    if (item < 0) return absent(itemId, 'the model version does not know it');
    const row = candidates.items.indexOf(item);
    if (row < 0) return absent(itemId, objection(item) ?? 'no source named it');
    const place = order.indexOf(row);
    return {
      itemId,
      position: place < first ? place : null,
      score: scores[row] ?? null,
      sources: candidates.sources.filter(({ ranks }) => (ranks[row] ?? -1) >= 0).map(({ name }) => name),
      rules: ranking.rules.get(row) ?? [],
      why:
        place < first
          ? `shown at position ${place} of ${order.length} that were ranked`
          : `ranked at position ${place} of ${order.length}, and the first ${first} are shown`,
    };
  };
}
