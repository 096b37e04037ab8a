import { badInput } from '../../domain/errors.js';
import type { HistoryCursor } from '../../store/ports/eventLog.js';

const SHAPE = /^(-?\d{1,16})\.(\d{1,19})$/;
/** The furthest moment a Date can hold. */
const LAST_MOMENT = 8.64e15;
const LAST_SEQ = 2n ** 63n - 1n;

export function encodeCursor({ occurredAt, seq }: HistoryCursor): string {
  return Buffer.from(`${occurredAt}.${seq}`).toString('base64url');
}

/** @throws BAD_USER_INPUT for anything that `encodeCursor` did not make. */
export function decodeCursor(field: string, cursor: string): HistoryCursor {
  const match = SHAPE.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match !== null) {
    const decoded = { occurredAt: Number(match[1]), seq: BigInt(match[2] ?? '0') };
    const possible = Math.abs(decoded.occurredAt) <= LAST_MOMENT && decoded.seq <= LAST_SEQ;
    if (possible && encodeCursor(decoded) === cursor) return decoded;
  }
  throw badInput(field, 'must be a cursor of this listing, as `endCursor` gave it');
}
