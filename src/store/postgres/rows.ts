import type { Pool, PoolClient } from 'pg';
import { ACTIONS, type Action } from '../../domain/actions.js';
import type { JsonObject } from '../../domain/json.js';

export interface Statement {
  /** Statements with a name are prepared once for each connection. */
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * The embedded database answers nothing at all when a value overflows its stack (JSON nested tens of thousands deep),
 * where a server reports this code: nothing was done, and no answer must not pass for an empty one.
 */
class StatementTooComplex extends Error {
  override readonly name = 'StatementTooComplex';
  readonly code = '54001';
  constructor() {
    super('The database broke the statement off: a value is too deep for it.');
  }
}

function finished<T extends { readonly command: string | null }>(result: T): T {
  if (result.command === null) throw new StatementTooComplex();
  return result;
}

/** Rows as arrays of columns, in the order of the select list, to be narrowed by the readers below. */
export async function select(on: Pool | PoolClient, { name, text, values }: Statement): Promise<unknown[][]> {
  const result = await on.query<unknown[]>({
    ...(name === undefined ? {} : { name }),
    text,
    values: [...values],
    rowMode: 'array',
  });
  return finished(result).rows;
}

/** How many rows a statement changed. */
export async function execute(on: Pool | PoolClient, { name, text, values }: Statement): Promise<number> {
  const result = await on.query({ ...(name === undefined ? {} : { name }), text, values: [...values] });
  return finished(result).rowCount ?? 0;
}

export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw unexpected('text', value);
}

export function asNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  throw unexpected('a number', value);
}

/** A bigint column arrives as text, since a JavaScript number cannot hold all of them. */
export function asBigInt(value: unknown): bigint {
  if (typeof value === 'string') return BigInt(value);
  throw unexpected('a bigint', value);
}

export function asDate(value: unknown): Date {
  if (value instanceof Date) return value;
  throw unexpected('a time', value);
}

export function asTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(asText);
  throw unexpected('an array of text', value);
}

/** Prisma lets a list be null in the database and means an empty one. */
export function listOf(value: unknown): string[] {
  return value === null ? [] : asTexts(value);
}

const actions = new Map<unknown, Action>(ACTIONS.map((action) => [action, action]));

export function asAction(value: unknown): Action {
  const action = actions.get(value);
  if (action === undefined) throw unexpected('an action', value);
  return action;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function orNull<T>(read: (value: unknown) => T): (value: unknown) => T | null {
  return (value) => (value === null ? null : read(value));
}

function unexpected(wanted: string, got: unknown): Error {
  return new Error(`The database answered ${typeof got} where ${wanted} was expected.`);
}
