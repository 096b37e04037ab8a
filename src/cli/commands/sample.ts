import type { Config } from '../../config/config.js';
import { systemClock } from '../../domain/clock.js';
import { type PlayReport, playPeople } from '../../sample/live.js';
import { loadSample, SAMPLE_DEFAULTS } from '../../sample/load.js';
import { generateWorld } from '../../sample/world.js';
import { signToken } from '../../server/auth/token.js';
import { count, createProgress } from '../progress.js';
import { withStores } from '../withStores.js';

export interface SampleOptions {
  /** Null for the size that `npm start` loads. */
  readonly users: number | null;
  readonly items: number | null;
  readonly seed: number;
  readonly tenant: string;
}

export interface LiveOptions extends SampleOptions {
  /** Null for the server that this configuration describes. */
  readonly url: string | null;
  /** Events a second. */
  readonly rate: number;
  /** Null to play until stopped. */
  readonly durationSeconds: number | null;
}

/** Fills the database with the sample world. A second run with the same numbers changes nothing. */
export async function sampleCommand(config: Config, options: SampleOptions): Promise<void> {
  const { users, items } = sizeOf(options);
  await withStores(config, ({ postgres }) =>
    loadSample({
      stores: postgres,
      tenant: options.tenant,
      users,
      items,
      seed: options.seed,
      clock: systemClock,
      progress: createProgress('Load the sample world'),
    }),
  );
}

/** Plays the people of the sample world against a running server, and prints every few seconds how it goes. */
export async function liveCommand(config: Config, options: LiveOptions): Promise<void> {
  const { secret } = config.auth;
  if (secret === null) throw new Error('Tokens come from CURIO_JWKS_URL; set CURIO_JWT_SECRET to play people.');
  const { seed, tenant, rate, durationSeconds } = options;
  const hours = Math.ceil((durationSeconds ?? 30 * 24 * 3600) / 3600) + 1;
  const token = await signToken({ secret, userId: null, role: 'service', tenant, expiresIn: `${hours}h` });
  const url = options.url ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`;
  const { signal, release } = untilStopped(durationSeconds);
  const world = generateWorld({ ...sizeOf(options), seed, now: systemClock() });
  console.log(`Playing ${count(world.people.length)} people at ${url}, ${rate} events/s; Ctrl-C ends it.`);
  try {
    await playPeople({ url, token, rate, seed, world, clock: systemClock, signal, onReport: print });
  } finally {
    release();
  }
}

function sizeOf({ users, items }: SampleOptions) {
  return { users: users ?? SAMPLE_DEFAULTS.users, items: items ?? SAMPLE_DEFAULTS.items };
}

function untilStopped(durationSeconds: number | null) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const timer = durationSeconds === null ? undefined : setTimeout(stop, durationSeconds * 1000);
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      process.off('SIGINT', stop).off('SIGTERM', stop);
    },
  };
}

function print({ seconds, events, lists, clickThrough, listMs, rejected, failures, rising }: PlayReport): void {
  const parts = [`${count(events / seconds)} events/s`];
  if (lists > 0) parts.push(`${count(lists / seconds)} lists/s in ${listMs.toFixed(1)} ms`);
  if (!Number.isNaN(clickThrough)) parts.push(`CTR ${(100 * clickThrough).toFixed(1)} %`);
  if (rejected > 0) parts.push(`${count(rejected)} rejected (is the sample world of this seed and size loaded?)`);
  if (failures > 0) parts.push(`${count(failures)} failed calls`);
  if (rising.length > 0) parts.push(`rising ${rising.join(', ')}`);
  console.log(parts.join('  '));
}
