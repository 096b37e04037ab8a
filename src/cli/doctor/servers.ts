import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../config/config.js';
import { systemClock } from '../../domain/clock.js';
import { silentLog } from '../../domain/log.js';
import { isPositive } from '../../features/worth.js';
import { openPostgres } from '../../store/postgres/open.js';
import { probeRedis } from '../../store/redis/version.js';
import { describeFailure } from '../failure.js';
import { broken, type DoctorRow, found, lacking } from './row.js';

const OLDEST_POSTGRES = 14;
const OLDEST_REDIS = [6, 2] as const;
const EMBEDDED_COST =
  'One process and one connection: right for a first look, not for several nodes or heavy writing. Set DATABASE_URL.';

export async function checkDatabase(config: Config): Promise<DoctorRow> {
  const name = 'PostgreSQL';
  const { databaseUrl, dataDir, poolSize } = config;
  const place = databaseUrl === null ? `embedded in ${dataDir}` : placeOf(databaseUrl);
  // Looking must not create a database.
  if (databaseUrl === null && !existsSync(path.join(dataDir, 'database'))) {
    return lacking(name, `${place}, not created yet`, EMBEDDED_COST);
  }
  try {
    const stores = await openPostgres({
      databaseUrl,
      dataDir,
      poolSize,
      isPositive,
      log: silentLog,
      clock: systemClock,
    });
    try {
      const version = await stores.version();
      if (Number.parseInt(version, 10) < OLDEST_POSTGRES) {
        return broken(name, `${place}, version ${version}`, `Curio needs PostgreSQL ${OLDEST_POSTGRES} or newer.`);
      }
      const pending = (await stores.pending()).length;
      const detail = `${place}, version ${version}, ${pending === 0 ? 'migrated' : `${pending} migrations pending`}`;
      if (databaseUrl === null) return lacking(name, detail, EMBEDDED_COST);
      return found(name, detail, pending === 0 ? '' : 'Run curio migrate before serving.');
    } finally {
      await stores.dispose();
    }
  } catch (error) {
    const reason = describeFailure(error);
    if (databaseUrl === null) return lacking(name, `${place}: ${reason}`, EMBEDDED_COST);
    return broken(name, `${place}: ${reason}`, 'Nothing can be served.');
  }
}

export async function checkRedis({ redisUrl }: Config): Promise<DoctorRow> {
  const name = 'Redis';
  if (redisUrl === null) {
    return lacking(
      name,
      'in process',
      'Cache, counters, messages and rate limits are not shared between nodes, and a restart forgets them. Set REDIS_URL.',
    );
  }
  const place = placeOf(redisUrl);
  try {
    const version = await probeRedis(redisUrl);
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const [oldestMajor, oldestMinor] = OLDEST_REDIS;
    if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
      return found(name, `${place}, version ${version}`);
    }
    return broken(name, `${place}, version ${version}`, `Curio needs Redis ${OLDEST_REDIS.join('.')} or newer.`);
  } catch (error) {
    return broken(
      name,
      `${place}: ${describeFailure(error)}`,
      'Each node caches nothing, hears only itself and lets half of each rate limit through, until Redis answers.',
    );
  }
}

/** The address without the user and password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return pathname.length > 1 ? `${host}${pathname}` : host;
}
