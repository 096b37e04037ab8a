import { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import { RATE_NAMES } from '../../domain/rates.js';
import type { PrismaClient, Role as StoredRole } from '../../generated/prisma/client.js';
import type { ApiKeyStore } from '../ports/apiKeyStore.js';

const STORED = { user: 'USER', service: 'SERVICE', admin: 'ADMIN' } as const;
const ROLE = { USER: 'user', SERVICE: 'service', ADMIN: 'admin' } as const satisfies Record<StoredRole, string>;

const stored = z.partialRecord(z.enum(RATE_NAMES), z.int().min(1));

export function createApiKeyStore({ prisma, clock }: { prisma: PrismaClient; clock: Clock }): ApiKeyStore {
  return {
    async find(hash) {
      const row = await prisma.apiKey.findUnique({ where: { hash } });
      if (row === null || row.revokedAt !== null) return null;
      return { tenant: row.tenant, name: row.name, role: ROLE[row.role], rates: stored.parse(row.rates) };
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
