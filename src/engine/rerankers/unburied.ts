import type { CompiledRules } from '../rules/compiled.js';

/** How many of an order stand before the first that a rule buries. Who looks for variety leaves the others where they are. */
export function unburied({ buriedBy }: CompiledRules, items: Int32Array, order: Int32Array): number {
  if (buriedBy === null) return order.length;
  const at = order.findIndex((row) => (buriedBy[items[row] ?? 0] ?? 0) !== 0);
  return at < 0 ? order.length : at;
}
