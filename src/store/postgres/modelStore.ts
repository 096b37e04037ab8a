import type { Clock } from '../../domain/clock.js';
import { type ModelVersion, Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import type { ModelRow, ModelStore } from '../ports/modelStore.js';
import { isJsonObject } from './rows.js';

export function createModelStore({ prisma, clock }: { prisma: PrismaClient; clock: Clock }): ModelStore {
  return {
    async register(tenant, { id, parent, eventCount, trainedUntil, manifest }) {
      await prisma.modelVersion.create({
        data: {
          tenant,
          id,
          parent,
          status: 'REGISTERED',
          eventCount,
          trainedUntil,
          manifest,
          createdAt: new Date(clock()),
        },
      });
    },
    async list(tenant) {
      const rows = await prisma.modelVersion.findMany({
        where: { tenant },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
      return rows.map(toModelRow);
    },
    async deployed(tenant) {
      const row = await prisma.modelVersion.findFirst({ where: { tenant, status: 'DEPLOYED' } });
      return row === null ? null : toModelRow(row);
    },
    async deploy(tenant, id) {
      const deployedAt = new Date(clock());
      try {
        await prisma.$transaction([
          // Two deployments at once would each retire what they see, and leave two.
          prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`deploy ${tenant}`}, 0))`,
          prisma.modelVersion.updateMany({
            where: { tenant, status: 'DEPLOYED', id: { not: id } },
            data: { status: 'RETIRED' },
          }),
          prisma.modelVersion.update({
            where: { tenant_id: { tenant, id } },
            data: { status: 'DEPLOYED', deployedAt },
          }),
        ]);
      } catch (error) {
        if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2025') {
          throw new Error(`There is no model version ${id}.`, { cause: error });
        }
        throw error;
      }
    },
    async tenants() {
      const rows = await prisma.modelVersion.findMany({
        where: { status: 'DEPLOYED' },
        select: { tenant: true },
        distinct: ['tenant'],
        orderBy: { tenant: 'asc' },
      });
      return rows.map((row) => row.tenant);
    },
  };
}

function toModelRow({ tenant: _, manifest, ...row }: ModelVersion): ModelRow {
  if (!isJsonObject(manifest)) throw new Error(`The manifest of model version ${row.id} is not an object.`);
  return { ...row, manifest };
}
