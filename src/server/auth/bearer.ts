import { createSecretKey } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Config } from '../../config/config.js';
import type { Clock } from '../../domain/clock.js';
import { isId } from '../../domain/ids.js';
import { type Caller, refused } from './caller.js';

/** A verified token is believed for so long before it is verified again (a JWKS may have dropped its key). */
const TRUST_MS = 30_000;
const CLOCK_TOLERANCE_S = 5;
const MAX_TOKEN_LENGTH = 8_192;
/** What a JWKS may hold: public keys only, so that none of them can pass for a secret. */
const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

const claims = z.object({
  sub: z.string().refine(isId).optional(),
  role: z.enum(['user', 'service', 'admin']).default('user'),
  tenant: z.string().refine(isId).optional(),
});

export interface BearerDeps {
  readonly auth: Config['auth'];
  readonly defaultTenant: string;
  readonly clock: Clock;
}

/** @throws CurioError UNAUTHENTICATED */
export type VerifyBearer = (token: string) => Promise<Caller>;

/** HS256 with our own secret, or a key of the JWKS; which of them the token's `alg` decides, and nothing else. */
export function createVerifyBearer({ auth, defaultTenant, clock }: BearerDeps): VerifyBearer {
  const secret = auth.secret === null ? null : createSecretKey(auth.secret, 'utf8');
  const keys = auth.jwksUrl === null ? null : createRemoteJWKSet(new URL(auth.jwksUrl));
  const trusted = new LRUCache<string, { readonly caller: Caller; readonly until: number }>({ max: 10_000 });

  const verify = async (token: string): Promise<JWTPayload> => {
    const options = { currentDate: new Date(clock()), clockTolerance: CLOCK_TOLERANCE_S };
    const alg = algorithmOf(token);
    if (alg === 'HS256' && secret !== null) {
      return (await jwtVerify(token, secret, { ...options, algorithms: ['HS256'] })).payload;
    }
    if (alg !== undefined && ASYMMETRIC.includes(alg) && keys !== null) {
      return (await jwtVerify(token, keys, { ...options, algorithms: ASYMMETRIC })).payload;
    }
    throw refused('The token is not valid');
  };

  return async (token) => {
    const known = trusted.get(token);
    if (known !== undefined && known.until > clock()) return known.caller;
    if (token.length > MAX_TOKEN_LENGTH) throw refused('The token is too long');
    const payload = await verify(token).catch((error: unknown) => {
      throw reasonOf(error);
    });
    const caller = callerOf(payload, defaultTenant);
    const until = Math.min(clock() + TRUST_MS, caller.expiresAt ?? Number.POSITIVE_INFINITY);
    trusted.set(token, { caller, until });
    return caller;
  };
}

function callerOf(payload: JWTPayload, defaultTenant: string): Caller {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))];
    throw refused(`The token has a claim that is not right: ${names.join(', ')}`);
  }
  const { sub = null, role, tenant = defaultTenant } = parsed.data;
  if (sub === null && role === 'user') throw refused('The token names no one: it needs the claim sub');
  return {
    identity: { tenant, role, userId: sub },
    expiresAt: payload.exp === undefined ? null : payload.exp * 1000,
    name: sub === null ? `${tenant}:role:${role}` : `${tenant}:user:${sub}`,
    rates: {},
  };
}

/** A JWKS that cannot be fetched is our trouble, not the caller's: it stays the error it is, and is masked and logged. */
function reasonOf(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError) || error.constructor === errors.JOSEError) return error;
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return error;
  if (error instanceof errors.JWTExpired) return refused('The token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) return refused('The token is not valid at this time');
  return refused('The token is not valid');
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    throw refused('The token is not valid');
  }
}
