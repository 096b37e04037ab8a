import { silentLog } from '../../domain/log.js';
import { openLink } from './link.js';

/**
 * What the server at `url` calls its version.
 * @throws StoreAway when it does not answer.
 */
export async function probeRedis(url: string): Promise<string> {
  const link = await openLink({ url, log: silentLog });
  try {
    const info = await link.run((redis) => redis.info('server'));
    return /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  } finally {
    await link.dispose();
  }
}
