import type { Meter } from '../domain/meter.js';
import type { GateDeps } from '../limits/gate.js';

/**
 * What became of what was counted. `local` are decisions of this process alone, with half of every limit, while Redis is away; where
 * no Redis is configured there are none.
 */
export function countDecisions(meter: Meter): NonNullable<GateDeps['onDecision']> {
  const counted = meter.counter('curio_limit_decisions_total', 'What limits decided', ['limit', 'decision', 'local']);
  return (limit, { allowed, local }) =>
    counted({ limit, decision: allowed ? 'allowed' : 'refused', local: String(local) });
}
