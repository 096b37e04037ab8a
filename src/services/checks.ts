import { badInput, CurioError } from '../domain/errors.js';
import { ID_RULE, isId } from '../domain/ids.js';
import type { JsonValue } from '../domain/json.js';
import { PEOPLE_SURFACE } from '../domain/shown.js';

/** Largest JSON value that is stored, in bytes of UTF-8. */
export const JSON_BYTES = 16 * 1024;
export const BATCH_LIMIT = 1_000;

const JSON_DEPTH = 32;
const SURFACE_LENGTH = 64;
const HALF_PAIR = /\p{Cs}/u;
const CONTROL = /[\p{Cc}\p{Cs}]/u;

/** @throws BAD_USER_INPUT */
export function checkId(field: string, id: string): void {
  if (!isId(id)) throw badInput(field, ID_RULE);
}

/** A line of text: no control characters. @throws BAD_USER_INPUT */
export function checkLine(field: string, text: string, longest: number, shortest = 0): void {
  checkLength(field, text, longest, shortest);
  if (CONTROL.test(text)) throw badInput(field, 'must not have control characters or half surrogate pairs');
}

/** Text of any number of lines. @throws BAD_USER_INPUT */
export function checkText(field: string, text: string, longest: number): void {
  checkLength(field, text, longest, 0);
  // The database keeps neither.
  if (text.includes('\0') || HALF_PAIR.test(text))
    throw badInput(field, 'must not have NUL characters or half surrogate pairs');
}

function checkLength(field: string, text: string, longest: number, shortest: number): void {
  if (text.length > longest || text.length < shortest) {
    throw badInput(field, `must have ${shortest} to ${longest} characters, got ${text.length}`);
  }
  if (shortest > 0 && text.trim() === '') throw badInput(field, 'must not be blank');
}

/** @throws BAD_USER_INPUT */
export function checkWhole(field: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw badInput(field, `must be a whole number from ${least} to ${most}, got ${value}`);
  }
}

/** @throws BAD_USER_INPUT */
export function checkList(field: string, values: readonly string[], most: number, longest: number): void {
  if (values.length > most) throw badInput(field, `must have at most ${most} entries, got ${values.length}`);
  values.forEach((value, at) => {
    checkLine(`${field}[${at}]`, value, longest, 1);
  });
}

/** A moment within bounds (epoch ms, both included); `rule` says them. @throws BAD_USER_INPUT */
export function checkMoment(field: string, moment: Date, earliest: number, latest: number, rule: string): void {
  const at = moment.getTime();
  if (Number.isNaN(at)) throw badInput(field, 'must be a date and time');
  if (at < earliest || at > latest) throw badInput(field, `${rule}, got ${moment.toISOString()}`);
}

/** The name of a place where lists are shown. @throws BAD_USER_INPUT */
export function checkSurface(field: string, name: string): void {
  if (name.length > SURFACE_LENGTH || !/^[\w-]+$/.test(name)) {
    throw badInput(field, `must be 1 to ${SURFACE_LENGTH} letters, digits, _ or -`);
  }
  if (name === PEOPLE_SURFACE) throw badInput(field, `must not be "${PEOPLE_SURFACE}", which is for lists of people`);
}

/** Small enough, not too deep, and free of characters the database would refuse. @throws BAD_USER_INPUT */
export function checkJson(field: string, value: JsonValue): void {
  checkDepth(field, value, 0);
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > JSON_BYTES) throw badInput(field, `must be at most ${JSON_BYTES} bytes of JSON, got ${bytes}`);
}

function checkDepth(field: string, value: JsonValue, depth: number): void {
  if (depth > JSON_DEPTH) throw badInput(field, `must not be nested more than ${JSON_DEPTH} deep`);
  if (typeof value === 'string') checkText(field, value, JSON_BYTES);
  else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw badInput(field, `must hold finite numbers, got ${value}`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      checkText(field, key, JSON_BYTES);
      checkDepth(field, member, depth + 1);
    }
  }
}

/** @throws BAD_USER_INPUT for an empty batch or one over the limit. */
export function checkBatch(field: string, rows: readonly unknown[]): void {
  if (rows.length === 0 || rows.length > BATCH_LIMIT) {
    throw badInput(field, `must have 1 to ${BATCH_LIMIT.toLocaleString('en')} entries, got ${rows.length}`);
  }
}

/** The rows that pass, with their places; and what was wrong with the others. */
export function sift<Row, Good>(
  rows: readonly Row[],
  check: (row: Row) => Good,
): { good: { index: number; value: Good }[]; rejected: { index: number; code: string; message: string }[] } {
  const good: { index: number; value: Good }[] = [];
  const rejected: { index: number; code: string; message: string }[] = [];
  rows.forEach((row, index) => {
    try {
      good.push({ index, value: check(row) });
    } catch (error) {
      if (!(error instanceof CurioError)) throw error;
      rejected.push({ index, code: error.code, message: error.message });
    }
  });
  return { good, rejected };
}
