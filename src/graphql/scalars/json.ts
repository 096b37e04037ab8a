import { GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import type { JsonObject, JsonValue } from '../../domain/json.js';

/** Wider than what any field takes: services name the bound of theirs, and refuse one row rather than all. */
const MAX_DEPTH = 64;
/** Characters of keys and strings, plus one for each value. */
const MAX_SIZE = 65_536;

/** Objects only, bounded. */
export const json = new GraphQLScalarType<JsonObject, unknown>({
  name: 'JSON',
  serialize: (value) => value,
  parseValue: parse,
  parseLiteral: (node: ValueNode, variables) =>
    parse(node.kind === Kind.OBJECT ? valueFromASTUntyped(node, variables) : undefined),
});

interface Budget {
  left: number;
}

function parse(value: unknown): JsonObject {
  if (!isRecord(value)) throw new TypeError('must be a JSON object');
  return copyObject(value, 1, { left: MAX_SIZE });
}

function copyObject(source: Readonly<Record<string, unknown>>, depth: number, budget: Budget): JsonObject {
  const target: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(source)) {
    // Assigning to it would set the prototype instead.
    if (key === '__proto__') throw new TypeError('must not have the key __proto__');
    // A variable that was not given, inside a literal.
    if (value === undefined) continue;
    spend(key.length, budget);
    target[key] = copy(value, depth, budget);
  }
  return target;
}

function copy(value: unknown, depth: number, budget: Budget): JsonValue {
  spend(typeof value === 'string' ? value.length + 1 : 1, budget);
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth >= MAX_DEPTH) throw new TypeError(`must be at most ${MAX_DEPTH} levels deep`);
  if (Array.isArray(value)) return value.map((entry: unknown) => copy(entry, depth + 1, budget));
  if (isRecord(value)) return copyObject(value, depth + 1, budget);
  throw new TypeError('must hold only objects, lists, strings, finite numbers, true, false and null');
}

function spend(amount: number, budget: Budget): void {
  budget.left -= amount;
  if (budget.left < 0) throw new TypeError(`must be at most ${MAX_SIZE} characters of keys and values`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
