import { badInput } from '../domain/errors.js';
import { ID_RULE, isId } from '../domain/ids.js';
import { MAX_TEXT } from './bounds.js';

/** What GraphQL hands over for an argument that is left out (undefined) or null. Both mean the default. */
type Given<T> = T | null | undefined;

interface Range {
  readonly min: number;
  readonly max?: number;
}

/** @throws CurioError BAD_USER_INPUT naming the range. */
export function whole(field: string, value: Given<number>, fallback: number, range: Range): number {
  return value == null ? fallback : within(field, value, range);
}

/** Null when left out. @throws CurioError BAD_USER_INPUT naming the range. */
export function numberOrNull(field: string, value: Given<number>, range: Range): number | null {
  return value == null ? null : within(field, value, range);
}

function within(field: string, value: number, { min, max }: Range): number {
  if (value >= min && (max === undefined || value <= max)) return value;
  throw badInput(field, `must be ${max === undefined ? `${min} or more` : `${min} to ${max}`}, got ${value}`);
}

/** @throws CurioError BAD_USER_INPUT */
export function id(field: string, value: string): string {
  if (!isId(value)) throw badInput(field, ID_RULE);
  return value;
}

export function idOrNull(field: string, value: Given<string>): string | null {
  return value == null ? null : id(field, value);
}

/** Each entry is checked and named by its place. @throws CurioError BAD_USER_INPUT */
export function ids(field: string, values: readonly string[], min: number, max: number): readonly string[] {
  count(field, values, min, max);
  for (const [index, value] of values.entries()) id(`${field}[${index}]`, value);
  return values;
}

/** @throws CurioError BAD_USER_INPUT naming how many there may be. */
export function count(field: string, values: readonly unknown[], min: number, max: number): void {
  if (values.length < min || values.length > max) {
    throw badInput(field, `must have ${min} to ${max} entries, got ${values.length}`);
  }
}

/** Free text: line breaks are fine, what no store can keep is not. @throws CurioError BAD_USER_INPUT */
export function textOrNull(field: string, value: Given<string>, max = MAX_TEXT): string | null {
  if (value == null) return null;
  if (value.length > max) throw badInput(field, `must have at most ${max} characters, got ${value.length}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: U+0000 is what is looked for; PostgreSQL has no place for it
  if (/[\u0000\p{Cs}]/u.test(value)) throw badInput(field, 'must not hold U+0000 or half of a surrogate pair');
  return value;
}
