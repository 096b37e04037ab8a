import { setImmediate as turn } from 'node:timers/promises';
import { type BusinessRule, filterOf, type RuleTarget } from '../../domain/businessRule.js';
import type { ItemTable } from '../../registry/snapshot.js';
import { itemFilter } from '../filters/itemFilter.js';
import type { Boost, CompiledRules, Pin } from './compiled.js';

/** Items that are looked at in one turn of the event loop: about a millisecond. */
const AT_ONCE = 20_000;
/** However many boosts meet, the odds change by no more than this factor's logarithm. */
const MOST_LIFT = Math.log(1_000);

/**
 * Puts rules, the one that is obeyed first coming first, in terms of one snapshot. Boosts of one item add up. Of a boost and
 * a burial of one item the first is obeyed, a burial before a boost of the same priority. Exclusions stand above all.
 */
export async function compileRules(rules: readonly BusinessRule[], items: ItemTable): Promise<CompiledRules> {
  const ids = rules.map(({ id }) => id);
  const excludedBy = some(rules, 'EXCLUDE') ? new Uint16Array(items.size) : null;
  const buriedBy = some(rules, 'BURY') ? new Uint16Array(items.size) : null;
  const lifts = some(rules, 'BOOST') ? new Float32Array(items.size) : null;
  /** Items that a boost has spoken for, which no later burial takes back. */
  const boosted = buriedBy !== null && lifts !== null ? new Uint8Array(items.size) : null;
  const boosts: Boost[] = [];
  let looked = 0;

  for (const { rule, place } of inOrderOfObedience(rules)) {
    const holds = matcher(rule.target, items);
    looked += rule.target.ids.length;
    if (looked > AT_ONCE) {
      await turn();
      looked = 0;
    }
    if (rule.kind === 'EXCLUDE') {
      await eachItem(rule.target, items, holds, (item) => {
        if (excludedBy !== null && excludedBy[item] === 0) excludedBy[item] = place + 1;
      });
    } else if (rule.kind === 'BURY') {
      await eachItem(rule.target, items, holds, (item) => {
        if (buriedBy !== null && buriedBy[item] === 0 && boosted?.[item] !== 1) buriedBy[item] = place + 1;
      });
    } else if (rule.kind === 'BOOST' && lifts !== null) {
      const weight = rule.weight ?? 1;
      const lift = Math.log(weight);
      await eachItem(rule.target, items, holds, (item) => {
        if (buriedBy !== null && buriedBy[item] !== 0) return;
        lifts[item] = Math.max(-MOST_LIFT, Math.min(MOST_LIFT, (lifts[item] ?? 0) + lift));
        if (boosted !== null) boosted[item] = 1;
      });
      boosts.push({ id: rule.id, weight, holds });
    }
  }
  return { excludedBy, buriedBy, lifts, boosts, pins: pinsOf(rules, items), ids };
}

function some(rules: readonly BusinessRule[], kind: BusinessRule['kind']): boolean {
  return rules.some((rule) => rule.kind === kind);
}

function inOrderOfObedience(rules: readonly BusinessRule[]): { rule: BusinessRule; place: number }[] {
  const burial = ({ rule }: { rule: BusinessRule }) => (rule.kind === 'BURY' ? 0 : 1);
  return rules
    .map((rule, place) => ({ rule, place }))
    .sort((a, b) => b.rule.priority - a.rule.priority || burial(a) - burial(b) || a.place - b.place);
}

function matcher(target: RuleTarget, items: ItemTable): (item: number) => boolean {
  const judge = itemFilter.judge({ filter: filterOf(target), snapshot: { items } });
  const named = target.ids.length === 0 ? null : new Set(target.ids.map((id) => items.indexOf(id)));
  return (item) => (named === null || named.has(item)) && (judge === null || judge(item) === null);
}

async function eachItem(
  { ids }: RuleTarget,
  items: ItemTable,
  holds: (item: number) => boolean,
  visit: (item: number) => void,
): Promise<void> {
  if (ids.length > 0) {
    for (const id of new Set(ids)) {
      const item = items.indexOf(id);
      if (item >= 0 && holds(item)) visit(item);
    }
    return;
  }
  for (let start = 0; start < items.size; start += AT_ONCE) {
    if (start > 0) await turn();
    const end = Math.min(start + AT_ONCE, items.size);
    for (let item = start; item < end; item++) if (holds(item)) visit(item);
  }
}

/** Of two pins of an item the first holds; of two pins to a position the second goes to the next free one. */
function pinsOf(rules: readonly BusinessRule[], items: ItemTable): Pin[] {
  const pins = new Map<number, Pin>();
  const pinned = new Set<number>();
  for (const { id, kind, target, position } of rules) {
    if (kind !== 'PIN') continue;
    const item = items.indexOf(target.ids[0] ?? '');
    if (item < 0 || pinned.has(item)) continue;
    let free = position ?? 0;
    while (pins.has(free)) free++;
    pins.set(free, { id, item, position: free });
    pinned.add(item);
  }
  return [...pins.values()].sort((a, b) => a.position - b.position);
}
