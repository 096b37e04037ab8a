import type { Clock } from '../domain/clock.js';
import type { Meter } from '../domain/meter.js';

/** Connections to the database: a pool without an idle one, and statements that wait, is too small or held up. */
export function measurePool(
  meter: Meter,
  use: () => { readonly idle: number; readonly active: number; readonly waiting: number },
): void {
  const read = () => Object.entries(use()).map(([state, count]) => [{ state }, count] as const);
  meter.gauge('curio_pool_connections', 'Connections to the database, and statements waiting for one', read, ['state']);
}

/** A model version that serves. */
export interface ServingModel {
  readonly tenant: string;
  readonly version: string;
  /** The moment before which everything it learned from happened; epoch milliseconds. */
  readonly trainedUntil: number;
}

/** Which version serves each tenant of this process, and how old what it knows is. */
export function measureModels(meter: Meter, models: () => readonly ServingModel[], clock: Clock): void {
  meter.gauge(
    'curio_model_info',
    'The model version that serves a tenant',
    () => models().map(({ tenant, version }) => [{ tenant, version }, 1] as const),
    ['tenant', 'version'],
  );
  meter.gauge(
    'curio_model_age_seconds',
    'Since the newest event the serving version could learn from',
    () => models().map(({ tenant, trainedUntil }) => [{ tenant }, Math.max(0, clock() - trainedUntil) / 1000] as const),
    ['tenant'],
  );
}
