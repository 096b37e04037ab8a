import type { Pool } from 'pg';
import { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import { RATE_NAMES } from '../../domain/rates.js';
import type { PrismaClient, Role as StoredRole } from '../../generated/prisma/client.js';
import type { ApiKeyStore } from '../ports/apiKeyStore.js';
import { selectUntil } from './cancellable.js';
import { asText } from './rows.js';

const STORED = { user: 'USER', service: 'SERVICE', admin: 'ADMIN' } as const;
const ROLE = { USER: 'user', SERVICE: 'service', ADMIN: 'admin' } as const satisfies Record<StoredRole, string>;

const storedRole = z.enum(['USER', 'SERVICE', 'ADMIN']);
const stored = z.partialRecord(z.enum(RATE_NAMES), z.int().min(1));

export function createApiKeyStore({
  pool,
  prisma,
  clock,
}: {
  readonly pool: Pool;
  readonly prisma: PrismaClient;
  readonly clock: Clock;
}): ApiKeyStore {
  return {
    // Requests wait for it: it stops when they do.
    async find(hash, signal) {
      const text = 'SELECT tenant, name, role::text, rates FROM api_keys WHERE hash = $1 AND revoked_at IS NULL';
      const [row] = await selectUntil(pool, signal, { name: 'api_key', text, values: [hash] });
      if (row === undefined) return null;
      const [tenant, name, role, rates] = row;
      return {
        tenant: asText(tenant),
        name: asText(name),
        role: ROLE[storedRole.parse(role)],
        rates: stored.parse(rates),
      };
    },
    async create(hash, { tenant, name, role, rates }) {
      const data = { hash, tenant, name, role: STORED[role], rates, createdAt: new Date(clock()) };
      await prisma.apiKey.create({ data });
    },
    async revoke(hash) {
      await prisma.apiKey.updateMany({ where: { hash, revokedAt: null }, data: { revokedAt: new Date(clock()) } });
    },
  };
}
