import type { Config } from '../../config/config.js';
import type { Role } from '../../domain/identity.js';
import { signToken } from '../../server/auth/token.js';

export interface TokenOptions {
  readonly userId: string | null;
  readonly role: Role;
  readonly tenant: string;
  readonly hours: number;
}

export async function tokenCommand(config: Config, { userId, role, tenant, hours }: TokenOptions): Promise<void> {
  if (config.auth.secret === null)
    throw new Error('Tokens come from CURIO_JWKS_URL; set CURIO_JWT_SECRET to sign here.');
  if (userId === null && role === 'user') throw new Error('--user must name who the token speaks for.');
  console.log(await signToken({ secret: config.auth.secret, userId, role, tenant, expiresIn: `${hours}h` }));
}
