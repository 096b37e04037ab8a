import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import type { Clock } from './domain/clock.js';
import type { Metrics } from './telemetry/metrics.js';
import type { Tracing } from './telemetry/tracing.js';

export interface AppDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** @default none */
  readonly tracing?: Tracing;
}

/** A process that listens. */
export interface Process {
  readonly server: FastifyInstance;
  /** Begins the work behind the answers, where it is this process's: once the database is migrated. */
  work(): void;
  /** Says that no new work is wanted here: not ready. Requests are still answered. */
  drain(): void;
  isDraining(): boolean;
  /** Finishes what is under way, flushes what is buffered, closes every connection. */
  close(): Promise<void>;
}
