import type { Config } from './config/config.js';
import { within } from './domain/within.js';
import type { Registry } from './registry/registry.js';
import type { Breakers, Dependency } from './resilience/breakers.js';
import type { HealthReport } from './server/health.js';
import type { LiveStores } from './store/ports/liveStores.js';
import type { PostgresStores } from './store/postgres/open.js';

/** A probe that takes longer than this calls its dependency down. */
const PATIENCE_MS = 1_000;

export interface HealthParts {
  readonly config: Pick<Config, 'defaultTenant'>;
  readonly postgres: Pick<PostgresStores, 'kind' | 'ping' | 'pending'> & {
    readonly models: { deployed(tenant: string): Promise<object | null> };
  };
  readonly live: Pick<LiveStores, 'kind' | 'ping'>;
  readonly registry: Pick<Registry, 'current'>;
  readonly breakers: Pick<Breakers, 'states'>;
}

/** Asks every dependency how it is. What was migrated once is not asked again. */
export function createHealth({ config, postgres, live, registry, breakers }: HealthParts): () => Promise<HealthReport> {
  let isMigrated = false;

  const migrations = async () => {
    if (isMigrated) return 'up' as const;
    isMigrated = (await postgres.pending()).length === 0;
    return isMigrated ? ('up' as const) : ('down' as const);
  };
  /** None is no fault where none is deployed: then popularity serves. */
  const model = async () => {
    if (registry.current(config.defaultTenant) !== null) return 'up' as const;
    return (await postgres.models.deployed(config.defaultTenant)) === null ? ('absent' as const) : ('down' as const);
  };

  return async () => {
    const [database, migrated, online, serving] = await Promise.all([
      status(postgres.ping().then(() => 'up' as const)),
      status(migrations()),
      status(live.ping().then(() => 'up' as const)),
      status(model()),
    ]);
    const states = breakers.states();
    const breaker = (name: Dependency) => {
      const state = states.get(name);
      return state === undefined ? {} : { breaker: state };
    };
    return {
      database: { kind: postgres.kind, status: database, ...breaker('postgres') },
      migrations: { status: migrated },
      live: { kind: live.kind, status: online, ...breaker('redis') },
      model: {
        version: registry.current(config.defaultTenant)?.version ?? null,
        status: serving,
        ...breaker('ranker'),
      },
    };
  };
}

const status = <T extends 'up' | 'down' | 'absent'>(probe: Promise<T>): Promise<T | 'down'> =>
  within(PATIENCE_MS, probe).catch(() => 'down' as const);
