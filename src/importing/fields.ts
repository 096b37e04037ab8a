import { ACTIONS, type Action, SOCIAL } from '../domain/actions.js';
import { DAY_MS } from '../domain/clock.js';
import { ID_RULE, isId } from '../domain/ids.js';

/** The bounds that the API holds callers to as well. */
const MAX_TEXT = 10_000;
const MAX_LIST = 50;
const MAX_LIST_ENTRY = 64;
/** From here on a number is milliseconds: as seconds it would be after the year 5000. */
const SMALLEST_MS = 1e11;
const LATEST_MS = Date.UTC(3000, 0);
const EARLIEST_MS = Date.UTC(1000, 0);

const NUMBER = /^-?\d+(\.\d+)?$/;
const ISO_8601 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?: ?(Z|UTC|[+-]\d{2}:?\d{2})(?: [A-Z]{1,5})?)?)?$/i;

/** A row that cannot be taken in; the message is the reason. */
export class RowError extends Error {}

/** What was left out is null. Text comes without surrounding spaces. */
export function textOf(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' && typeof value !== 'number') throw new RowError(`${name} must be text`);
  const text = String(value).trim();
  if (text.length > MAX_TEXT) throw new RowError(`${name} is longer than ${MAX_TEXT} characters`);
  return text === '' ? null : text;
}

/** Text of one line: what breaks or indents it becomes a space. */
export function lineOf(value: unknown, name: string, longest: number): string | null {
  const line = textOf(value, name)?.replace(/\s+/g, ' ') ?? null;
  if (line === null) return null;
  if (line.length > longest) throw new RowError(`${name} is longer than ${longest} characters`);
  if (/\p{Cc}/u.test(line)) throw new RowError(`${name} has control characters`);
  return line;
}

export function idOf(value: unknown, name: string): string {
  const id = textOf(value, name);
  if (id === null) throw new RowError(`${name} is empty`);
  if (!isId(id)) throw new RowError(`${name} ${ID_RULE}`);
  return id;
}

export function optionalIdOf(value: unknown, name: string): string | null {
  return textOf(value, name) === null ? null : idOf(value, name);
}

export function numberOf(value: unknown, name: string, min: number, max: number): number | null {
  const text = textOf(value, name);
  if (text === null) return null;
  const number = Number(text);
  if (number >= min && number <= max) return number;
  throw new RowError(`${name} must be a number from ${min} to ${max}, got ${quote(value)}`);
}

export function wholeNumberOf(value: unknown, name: string, min: number, max: number): number | null {
  const number = numberOf(value, name, min, max);
  if (number === null || Number.isInteger(number)) return number;
  throw new RowError(`${name} must be a whole number, got ${quote(value)}`);
}

/** `a|b|c`, or an array of texts. Each once, in order, none empty. */
export function listOf(value: unknown, name: string): string[] {
  if (value === undefined || value === null) return [];
  const parts: unknown[] = Array.isArray(value) ? value : (textOf(value, name) ?? '').split('|');
  const entries = new Set(parts.map((part) => lineOf(part, name, MAX_LIST_ENTRY)).filter((part) => part !== null));
  if (entries.size > MAX_LIST) throw new RowError(`${name} has more than ${MAX_LIST} entries`);
  return [...entries];
}

/** Seconds, milliseconds or ISO 8601 (UTC where no zone is named) as epoch milliseconds. */
export function timeOf(value: unknown, name: string): number | null {
  const text = textOf(value, name);
  if (text === null) return null;
  const time = NUMBER.test(text) ? fromNumber(Number(text)) : fromIso(text);
  if (time >= EARLIEST_MS && time < LATEST_MS) return time;
  throw new RowError(`${name} must be seconds, milliseconds or ISO 8601, got ${quote(value)}`);
}

export function dateOf(value: unknown, name: string): Date | null {
  const time = timeOf(value, name);
  return time === null ? null : new Date(time);
}

/** The time of an event: not before 1970, and not in the future, which a wrong unit would look like. */
export function eventTimeOf(value: unknown, name: string, now: number): number | null {
  const time = timeOf(value, name);
  if (time === null || (time >= 0 && time < now + DAY_MS)) return time;
  throw new RowError(`${name} must lie between 1970 and now, got ${quote(value)}`);
}

const ITEM_ACTIONS: ReadonlyMap<string, Action> = new Map(
  ACTIONS.filter((action) => !SOCIAL.has(action)).flatMap((action) => [
    [action, action],
    [action.toLowerCase(), action],
  ]),
);

/** An action on an item, in any case. */
export function actionOf(value: unknown, name: string): Action {
  const text = textOf(value, name) ?? '';
  const action = ITEM_ACTIONS.get(text) ?? ITEM_ACTIONS.get(text.toUpperCase());
  if (action !== undefined) return action;
  const known = ACTIONS.filter((one) => !SOCIAL.has(one)).join(', ');
  throw new RowError(`${name} must be one of ${known}, got ${quote(value)}`);
}

/** The number that goes with an action: 0 to 5 for a rating, where it is needed. */
export function actionValueOf(value: unknown, name: string, action: Action): number | null {
  if (action !== 'RATE') return numberOf(value, name, -1e9, 1e9);
  const rating = numberOf(value, name, 0, 5);
  if (rating !== null) return rating;
  throw new RowError(`${name} is empty, and RATE needs one from 0 to 5`);
}

export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}

function fromNumber(number: number): number {
  return Math.round(Math.abs(number) < SMALLEST_MS ? number * 1000 : number);
}

/** NaN when it is no such time; the thirtieth of February is none. Digits after the millisecond are dropped. */
function fromIso(text: string): number {
  const match = ISO_8601.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const date = `${year}-${month}-${day}`;
  if (new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day)) return Number.NaN;
  return Date.parse(`${date}T${hour}:${minute}:${second}.${milliseconds}${isoZone(zone)}`);
}

function isoZone(zone: string): string {
  if (/^(z|utc)$/i.test(zone)) return 'Z';
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}
