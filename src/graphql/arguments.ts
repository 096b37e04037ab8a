import { badInput } from '../domain/errors.js';
import { checkId, checkLine, checkList } from '../services/checks.js';
import { MAX_LIST, MAX_TEXT } from './bounds.js';

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
  checkId(field, value);
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

/** One line of text. @throws CurioError BAD_USER_INPUT */
export function textOrNull(field: string, value: Given<string>): string | null {
  if (value == null) return null;
  checkLine(field, value, MAX_TEXT);
  return value;
}

/** Words to match, each one line and not empty. Null when left out. @throws CurioError BAD_USER_INPUT */
export function wordsOrNull(field: string, values: Given<readonly string[]>): readonly string[] | null {
  if (values == null) return null;
  checkList(field, values, MAX_LIST, MAX_TEXT);
  return values;
}
