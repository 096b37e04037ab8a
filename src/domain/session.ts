/** What the id of an anonymous session begins with where ids of people stand. */
export const SESSION_PREFIX = 'session:';

/** Whose name an anonymous session acts under. It has a history like anyone, and is nobody that others could meet. */
export function sessionPerson(sessionId: string): string {
  return SESSION_PREFIX + sessionId;
}

export function isSession(userId: string): boolean {
  return userId.startsWith(SESSION_PREFIX);
}
