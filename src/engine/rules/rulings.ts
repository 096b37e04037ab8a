import type { ItemTable } from '../../registry/snapshot.js';
import type { ActiveRules } from '../live/ruleBooks.js';
import { compileRules } from './compile.js';
import { type CompiledRules, NOTHING_RULED } from './compiled.js';

/** What rules mean for the items of a snapshot on a surface; worked out once for each set of rules that holds. */
export interface Rulings {
  of(active: ActiveRules, surface: string, items: ItemTable): CompiledRules | Promise<CompiledRules>;
}

/** Goes with the rules and with the snapshot, whichever ends first. */
export function createRulings(): Rulings {
  const made = new WeakMap<ActiveRules, WeakMap<ItemTable, Map<string, Promise<CompiledRules>>>>();
  return {
    of(active, surface, items) {
      const rules = rulesFor(active, surface);
      if (rules.length === 0) return NOTHING_RULED;
      const tables = made.get(active) ?? new WeakMap<ItemTable, Map<string, Promise<CompiledRules>>>();
      made.set(active, tables);
      const surfaces = tables.get(items) ?? new Map<string, Promise<CompiledRules>>();
      tables.set(items, surfaces);
      // Surfaces are the caller's words; all that no rule names are alike.
      const named = active.rules.some(({ surfaces: some }) => some.includes(surface)) ? surface : '';
      const compiled = surfaces.get(named) ?? compileRules(rules, items);
      surfaces.set(named, compiled);
      return compiled;
    },
  };
}

/** Those that are for the lists of a surface. */
export function rulesFor({ rules }: ActiveRules, surface: string): ActiveRules['rules'] {
  return rules.every(({ surfaces }) => surfaces.length === 0)
    ? rules
    : rules.filter(({ surfaces }) => surfaces.length === 0 || surfaces.includes(surface));
}
