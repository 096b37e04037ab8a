import { createHash } from 'node:crypto';
import { badInput } from '../../domain/errors.js';
import type { SearchRequest } from './types.js';

/** A place in a kept listing. */
export interface SearchCursor {
  /** What was asked, and of which state of things the listing is. */
  readonly shape: string;
  readonly state: string;
  /** Of the entry, from 0. */
  readonly place: number;
}

const FORM = /^([\w-]{22})\.([\w-]{22})\.(\d{1,6})$/;

/** A name for anything, 132 bits. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}

/** Equal for the pages of one listing, whichever items trend meanwhile. */
export function shapeOf({ tenant, userId, query, filter }: SearchRequest): string {
  return digestOf([tenant, userId, query, filter === null ? null : { ...filter, ids: filter.ids !== null }]);
}

export function encodeCursor({ shape, state, place }: SearchCursor): string {
  return Buffer.from(`${shape}.${state}.${place}`).toString('base64url');
}

/** @throws CurioError BAD_USER_INPUT for what `encodeCursor` did not make for a listing of this shape. */
export function decodeCursor(cursor: string, shape: string): SearchCursor {
  const match = FORM.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match !== null && match[1] === shape) {
    const decoded = { shape, state: match[2] ?? '', place: Number(match[3]) };
    if (encodeCursor(decoded) === cursor) return decoded;
  }
  throw badInput('after', 'must be a cursor of this listing, as `endCursor` gave it');
}
