import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config/config.js';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { createLive } from '../../graphql/live/live.js';
import type { PersistedOperations } from '../../graphql/persisted.js';
import type { Gate } from '../../limits/gate.js';
import type { Services } from '../../services/services.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { Authenticate } from '../auth/authenticate.js';
import { createEventStreams, type EventStreams } from './eventStream.js';
import { acceptSockets } from './sockets.js';

export interface LiveConnectionDeps {
  readonly config: Config;
  readonly authenticate: Authenticate;
  readonly gate: Gate;
  readonly persisted: Pick<PersistedOperations, 'serves'>;
  readonly services: Services;
  readonly entities: EntityStore;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything that stays open: WebSockets on `/graphql`, and the event streams that its route hands over. */
export function liveConnections(app: FastifyInstance, parts: LiveConnectionDeps): EventStreams {
  const { introspection, maxCost, trustedProxies, requestTimeoutMs, deadlineMs } = parts.config;
  const { meter } = parts.metrics;
  const dropped = meter.counter('curio_live_dropped_total', 'Live connections ended from here, by reason', ['reason']);
  const deps = {
    ...parts,
    trustedProxies,
    requestTimeoutMs,
    deadlineMs,
    live: createLive({ introspection, maxCost, serves: parts.persisted.serves, log: parts.log }),
    onDropped: (reason: 'slow' | 'credentials') => dropped({ reason }),
  };
  const sockets = acceptSockets(app, deps);
  const eventStreams = createEventStreams(app, deps);
  meter.gauge(
    'curio_live_connections',
    'Connections that stay open, by transport',
    () => [
      [{ transport: 'websocket' }, sockets()],
      [{ transport: 'sse' }, eventStreams.count()],
    ],
    ['transport'],
  );
  return eventStreams;
}
