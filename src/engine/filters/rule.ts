import type { Filter } from '../pipeline/stages.js';

/** Why an item must not be in the list, or null when it may. */
export type Judge = (item: number) => string | null;

/** One reason to leave items out. Said once, read by the sources beforehand and by the filter afterwards. */
export interface Rule<Q> {
  readonly name: string;
  /** Null when the query asks for nothing of the kind. */
  judge(query: Q): Judge | null;
  /** Sets the byte of every item it objects to, where that is quicker than to judge each. */
  mark?(query: Q, masked: Uint8Array): void;
}

export function asFilter<Q>(rule: Rule<Q>): Filter<Q> {
  return {
    name: rule.name,
    filter(query, { items }) {
      const judge = rule.judge(query);
      const kept: number[] = [];
      const removed: number[] = [];
      const reasons: string[] = [];
      for (let row = 0; row < items.length; row++) {
        const reason = judge?.(items[row] ?? 0) ?? null;
        if (reason === null) kept.push(row);
        else {
          removed.push(row);
          reasons.push(reason);
        }
      }
      return { kept: Int32Array.from(kept), removed: Int32Array.from(removed), reasons };
    },
  };
}

/** Item → 1 where a rule objects, of `size` items. */
export function maskOf<Q>(rules: readonly Rule<Q>[], query: Q, size: number): Uint8Array {
  const masked = new Uint8Array(size);
  for (const rule of rules) {
    if (rule.mark) {
      rule.mark(query, masked);
      continue;
    }
    const judge = rule.judge(query);
    if (judge === null) continue;
    for (let item = 0; item < size; item++) if (masked[item] === 0 && judge(item) !== null) masked[item] = 1;
  }
  return masked;
}

/** Whether no rule objects. */
export function admission<Q>(rules: readonly Rule<Q>[], query: Q): (item: number) => boolean {
  const judges = rules.map((rule) => rule.judge(query)).filter((judge) => judge !== null);
  return (item) => judges.every((judge) => judge(item) === null);
}
