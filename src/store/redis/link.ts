import { Redis, ReplyError } from 'ioredis';
import { type Guard, unguarded } from '../../domain/guard.js';
import type { Log } from '../../domain/log.js';
import { StoreAway } from '../ports/storeAway.js';

/** Longest wait for one answer, unless another is given. */
const COMMAND_MS = 250;
/** Nobody waits for a connection: while it is being made, commands fail at once. So it may take a TLS handshake. */
const CONNECT_MS = 1_000;
/** A connection that owes an answer for so many such waits is given up and made anew. */
const SILENCE = 8;
/** While Redis does not answer, one command in this time is let through to look. */
const PROBE_MS = 500;
const COMPLAINT_MS = 60_000;

/** One connection that fails fast, says so once per outage, and heals by itself. */
export interface Link {
  readonly redis: Redis;
  /**
   * Runs commands. Nothing is queued, sent again, or waited for longer than `commandMs`; after a time-out further calls
   * fail at once until Redis answers again.
   * @throws StoreAway for every failure, with its `cause`.
   */
  run<T>(operation: (redis: Redis) => Promise<T>): Promise<T>;
  /** Whether Redis did not answer lately; it is looked for meanwhile. */
  isAway(): boolean;
  /** Called whenever Redis answers again after it was away, before `run` resolves. */
  onBack(listener: () => void): void;
  dispose(): Promise<void>;
}

export interface LinkOptions {
  readonly url: string;
  readonly log: Log;
  /** False says outages at level debug only, for a second connection to the same server. @default true */
  readonly loud?: boolean;
  /** A breaker for answers that come, but fail or are slow too often; silence is noticed here. @default none */
  readonly guard?: Guard;
  /** Longest wait for one answer. @default 250 */
  readonly commandMs?: number | undefined;
}

/** Connects; resolves connected, or with the outage logged. The link then tries again at least once a second. */
export async function openLink({
  url,
  log,
  loud = true,
  guard = unguarded,
  commandMs = COMMAND_MS,
}: LinkOptions): Promise<Link> {
  const redis = new Redis(url, {
    lazyConnect: true,
    // Commands of one turn of the loop go out in one write.
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandMs,
    connectTimeout: CONNECT_MS,
    socketTimeout: SILENCE * commandMs,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000),
    // After a failover the old primary refuses writes; a new connection finds the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  const listeners = new Set<() => void>();
  let state: 'here' | 'away' | 'closed' = 'here';
  let reason: unknown;
  let probeAt = 0;
  let complainAt = Number.NEGATIVE_INFINITY;

  const away = (err: unknown) => {
    if (state === 'closed') return;
    probeAt = performance.now() + PROBE_MS;
    if (state === 'away') return;
    state = 'away';
    reason = err;
    log[loud ? 'warn' : 'debug']({ err }, 'Redis is away');
  };
  const back = () => {
    if (state !== 'away') return;
    state = 'here';
    log[loud ? 'info' : 'debug']('Redis is back');
    for (const listener of listeners) listener();
  };
  redis.on('error', away);
  redis.on('close', () => away(new Error('The connection closed')));
  redis.on('ready', back);
  await redis.connect().catch(away);

  const refused = (err: Error) => {
    if (performance.now() < complainAt) return;
    complainAt = performance.now() + COMPLAINT_MS;
    log.error({ err }, 'Redis refused a command (said at most once a minute)');
  };

  return {
    redis,
    async run(operation) {
      if (state === 'closed') throw new StoreAway('The connection to Redis is closed');
      if (state === 'away') {
        if (performance.now() < probeAt) throw new StoreAway('Redis is away', { cause: reason });
        probeAt = performance.now() + PROBE_MS;
      }
      try {
        const answer = await guard(() => operation(redis), 'command');
        back();
        return answer;
      } catch (cause) {
        if (cause instanceof ReplyError && cause instanceof Error) refused(cause);
        else away(cause);
        throw new StoreAway('Redis did not do what was asked', { cause });
      }
    },
    isAway: () => state === 'away',
    onBack(listener) {
      listeners.add(listener);
    },
    async dispose() {
      if (state === 'closed') return;
      state = 'closed';
      // What was sent before is answered before; a Redis that does not answer is not waited for.
      await redis.quit().catch(() => undefined);
      redis.disconnect();
    },
  };
}
