import { CurioError } from '../../domain/errors.js';
import { sqlState } from './retry.js';

/** SQLSTATE classes of a server that cannot be reached, is short of something, is shutting down or failing; Prisma's P1xxx. */
const AWAY = /^(08|53|57|58|P1)/;

/** Whether an error says that the database cannot be reached, rather than that a statement was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof CurioError) return false;
  if (error instanceof TypeError || error instanceof RangeError) return false;
  const state = sqlState(error);
  return state === null || AWAY.test(state);
}
