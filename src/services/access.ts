import { badInput, CurioError } from '../domain/errors.js';
import type { Identity, Role } from '../domain/identity.js';
import { sessionPerson } from '../domain/session.js';

/**
 * Whose behalf the caller acts on: their own unless they name another, which only services and admins may.
 * @throws CurioError FORBIDDEN, or BAD_USER_INPUT when a service key names no one.
 */
export function actingUser(identity: Identity, userId: string | null | undefined): string {
  if (userId != null && userId !== identity.userId) {
    if (identity.role === 'user') throw forbidden('userId may name another user only for a service or an admin');
    return userId;
  }
  if (identity.userId === null) throw badInput('userId', 'is needed: a service key speaks for no one');
  return identity.userId;
}

/**
 * The same for what someone may do before they sign in: a service that names no one, but a session, speaks for that.
 * @throws CurioError FORBIDDEN, or BAD_USER_INPUT when a service key names neither.
 */
export function actingPerson(
  identity: Identity,
  userId: string | null | undefined,
  sessionId: string | null | undefined,
): string {
  if (userId == null && identity.userId === null && sessionId != null) return sessionPerson(sessionId);
  return actingUser(identity, userId);
}

/** @throws CurioError FORBIDDEN */
export function requireRole(identity: Identity, ...roles: readonly Role[]): void {
  if (!roles.includes(identity.role)) throw forbidden(`Only for the role ${roles.join(' or ')}`);
}

/**
 * For what belongs to one person: themself, or one of the roles.
 * @throws CurioError FORBIDDEN
 */
export function requireSelfOr(identity: Identity, userId: string, ...roles: readonly Role[]): void {
  if (!mayReadOf(identity, userId, ...roles))
    throw forbidden(`Only for the user themself or the role ${roles.join(' or ')}`);
}

/** Whether something belongs to the caller, or they have one of the roles. */
export function mayReadOf(identity: Identity, userId: string, ...roles: readonly Role[]): boolean {
  return identity.userId === userId || roles.includes(identity.role);
}

function forbidden(message: string): CurioError {
  return new CurioError('FORBIDDEN', message);
}
