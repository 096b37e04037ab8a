import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Role } from '../../domain/identity.js';

export interface TokenClaims {
  /** At least 32 characters, see `CURIO_JWT_SECRET`. */
  readonly secret: string;
  /** Null for a service or an admin that speaks for no one. */
  readonly userId: string | null;
  readonly role: Role;
  readonly tenant: string;
  /** A time span of jose: `24h`, `30d`. */
  readonly expiresIn: string;
}

/** A signed HS256 token, as `Authorization: Bearer` takes it. */
export async function signToken({ secret, userId, role, tenant, expiresIn }: TokenClaims): Promise<string> {
  const token = new SignJWT({ role, tenant })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(expiresIn);
  if (userId !== null) token.setSubject(userId);
  return token.sign(createSecretKey(secret, 'utf8'));
}
