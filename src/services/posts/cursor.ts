import { badInput } from '../../domain/errors.js';
import { isId } from '../../domain/ids.js';
import type { CommentCursor } from '../../store/ports/postStore.js';

const SHAPE = /^(\d{1,15})\.(.+)$/s;

export function encodeCursor({ createdAt, id }: CommentCursor): string {
  return Buffer.from(`${createdAt}.${id}`).toString('base64url');
}

/** @throws BAD_USER_INPUT for anything that `encodeCursor` did not make. */
export function decodeCursor(field: string, cursor: string): CommentCursor {
  const match = SHAPE.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  const decoded = { createdAt: Number(match?.[1]), id: match?.[2] ?? '' };
  if (match !== null && isId(decoded.id) && encodeCursor(decoded) === cursor) return decoded;
  throw badInput(field, 'must be a cursor of this listing, as `endCursor` gave it');
}
