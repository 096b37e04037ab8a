// Servers over a generated world, on PostgreSQL and Redis, for a benchmark: imported, trained, and found again by the next run.
import { mkdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { withDatabase } from './database.mjs';
import { startServer } from './server.mjs';
import { writeWorld } from './world.mjs';

const redisUrl = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

/**
 * Runs `measure(servers)` on so many nodes over one world of `{ items, users, events }`. With `keep` database and model are found
 * again by the next run of that name and world.
 */
export async function withServers({ name: given, world, nodes = 1, keep }, measure) {
  const name = `${given}_${world.items}_${world.users}_${world.events}`;
  const folder = path.join(os.tmpdir(), `curio-bench-${name}`);
  const prefix = `curio:bench:${process.pid}:`;
  await withDatabase(
    async ({ databaseUrl, query }) => {
      mkdirSync(folder, { recursive: true });
      const env = {
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        NODE_ENV: 'production',
        CURIO_JWT_SECRET: 'a secret for the benchmark and nothing else',
        CURIO_KEY_PREFIX: prefix,
      };
      const prepare = async (call) => {
        const [{ count }] = await query('SELECT count(*)::int AS count FROM model_versions');
        if (count > 0) return;
        await writeWorld(folder, world);
        console.log(call('import', 'csv', folder).split('\n').slice(-3).join('\n'));
        console.log(call('train').split('\n')[0]);
      };
      const servers = [];
      try {
        for (let node = 0; node < nodes; node++) servers.push(await startServer(env, { dataDir: folder, prepare }));
        await measure(servers);
      } finally {
        await Promise.all(servers.map((server) => server.stop()));
        await forget(prefix);
      }
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
    keep ? { name: `curio_bench_${name}`, keep: true } : {},
  );
}

async function forget(prefix) {
  const redis = new Redis(redisUrl);
  const stream = redis.scanStream({ match: `${prefix}*`, count: 1000 });
  for await (const keys of stream) if (keys.length > 0) await redis.unlink(keys);
  redis.disconnect();
}
