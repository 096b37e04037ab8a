import type { Config } from '../../config/config.js';
import { systemClock } from '../../domain/clock.js';
import { type TrainingResult, train } from '../../learning/train.js';
import type { Stores } from '../../stores.js';
import { createLog } from '../../telemetry/log.js';
import { createProgress } from '../progress.js';
import { trainingThreads } from '../trainingThreads.js';
import { withStores } from '../withStores.js';

export interface TrainOptions {
  /** Epoch milliseconds; null for everything up to now. */
  readonly until: number | null;
  /** Null for no search of the parameters. */
  readonly tuneMinutes: number | null;
  readonly seed: number;
  readonly tenant: string;
  readonly deploy: boolean;
}

export async function trainCommand(config: Config, options: TrainOptions): Promise<void> {
  await withStores(config, async (stores) => {
    const result = await trainVersion(config, { postgres: stores.archive, registry: stores.registry }, options);
    console.log(`Trained ${result.version} in ${result.seconds.toFixed(1)} s.`);
    if (options.tuneMinutes !== null) console.log(tunedLine(result));
    for (const [name, value] of Object.entries(result.metrics)) console.log(`  ${name.padEnd(28)} ${value.toFixed(4)}`);
    if (!options.deploy) console.log(`It waits: npx curio deploy ${result.version}`);
  });
}

/** Trains with progress on the terminal and deploys unless told not to. */
export async function trainVersion(
  config: Config,
  { postgres, registry }: { readonly postgres: Stores['archive']; readonly registry: Stores['registry'] },
  options: TrainOptions,
): Promise<TrainingResult> {
  const progress = createProgress('Train');
  const result = await train({
    tenant: options.tenant,
    eventLog: postgres.eventLog,
    entities: postgres.entities,
    registry,
    seed: options.seed,
    until: options.until,
    tuning: options.tuneMinutes === null ? null : { minutes: options.tuneMinutes },
    clock: systemClock,
    threads: trainingThreads(),
    log: createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel, pretty: true }),
    onProgress: (step) => progress.update(step),
  });
  progress.done();
  if (options.deploy) await registry.deploy(options.tenant, result.version);
  return result;
}

function tunedLine({ tuned, metrics }: TrainingResult): string {
  const found = Object.entries(tuned).map(([name, value]) => `${name} ${value}`);
  if (found.length > 0) return `Tuned: ${found.join(', ')}.`;
  const judged = Object.keys(metrics).some((name) => name.startsWith('tuning.'));
  return judged
    ? 'Tuned: nothing was clearly better than what is set.'
    : 'Tuned: nothing; there are too few people to judge by.';
}
