import type { Config } from '../../config/config.js';
import { systemClock } from '../../domain/clock.js';
import { evaluateSplit, evaluateVersion } from '../../learning/evaluation/evaluate.js';
import { type EventTable, readEventTable } from '../../learning/evaluation/eventTable.js';
import type { Rankers } from '../../learning/evaluation/models/rankers.js';
import { files } from '../../learning/evaluation/protocols/files.js';
import { leaveLastOne } from '../../learning/evaluation/protocols/leaveLastOne.js';
import { temporal } from '../../learning/evaluation/protocols/temporal.js';
import type { EvaluationReport } from '../../learning/evaluation/report.js';
import type { Protocol, Split } from '../../learning/evaluation/split.js';
import type { OnProgress } from '../../learning/progress.js';
import type { Stores } from '../../stores.js';
import { openRankThreads } from '../evaluation/rankThreads.js';
import { reportLines } from '../evaluation/table.js';
import { createProgress } from '../progress.js';
import { trainingThreads } from '../trainingThreads.js';
import { withStores } from '../withStores.js';

export interface EvaluateOptions {
  readonly protocol: Protocol;
  /** A registered version, judged by what happened after it was trained; null for one trained for this. */
  readonly version: string | null;
  /** For `files` alone. */
  readonly train: string | null;
  readonly test: string | null;
  /** Searches the parameters of what is trained for this; null for no search. */
  readonly tuneMinutes: number | null;
  readonly tenant: string;
  readonly seed: number;
}

export async function evaluateCommand(config: Config, options: EvaluateOptions & { json: boolean }): Promise<void> {
  checkOptions(options);
  const progress = createProgress('Evaluate');
  try {
    const onProgress: OnProgress = (step) => progress.update(step);
    const report =
      options.protocol === 'files'
        ? await evaluateNew(await files(options.train ?? '', options.test ?? ''), options, onProgress)
        : await withStores(config, ({ archive, registry }) =>
            evaluateLog({ postgres: archive, registry }, options, onProgress),
          );
    progress.done();
    console.log(options.json ? JSON.stringify(report, null, 2) : reportLines(report).join('\n'));
  } catch (error) {
    progress.failed();
    throw error;
  }
}

/** Judges by the log of a tenant. @throws CurioError `NOT_FOUND` for a version that is not registered. */
export async function evaluateLog(
  { postgres, registry }: { readonly postgres: Stores['archive']; readonly registry: Stores['registry'] },
  options: Pick<EvaluateOptions, 'protocol' | 'version' | 'tenant' | 'seed' | 'tuneMinutes'>,
  onProgress: OnProgress,
): Promise<EvaluationReport> {
  const { protocol, version, tenant, seed } = options;
  const { eventLog, entities } = postgres;
  const onEvents = (done: number) => onProgress({ stage: 'read the log', done, unit: 'events' });
  onEvents(0);
  const table = (): Promise<EventTable> => readEventTable({ tenant, eventLog, entities, onEvents });
  if (version === null) {
    const whole = await table();
    return evaluateNew(protocol === 'temporal' ? temporal(whole) : leaveLastOne(whole), options, onProgress);
  }
  const { folder, until } = await registry.find(tenant, version);
  const split = temporal(await table(), until.getTime());
  return evaluateVersion({ split, folder, openRankers, seed, onProgress });
}

function evaluateNew(
  split: Split,
  { seed, tuneMinutes }: Pick<EvaluateOptions, 'seed' | 'tuneMinutes'>,
  onProgress: OnProgress,
): Promise<EvaluationReport> {
  const tuning = tuneMinutes === null ? null : { minutes: tuneMinutes };
  const threads = trainingThreads();
  return evaluateSplit({ split, openRankers, seed, tuning, clock: systemClock, threads, onProgress });
}

const openRankers = (folder: string): Promise<Rankers> => openRankThreads(folder, trainingThreads());

function checkOptions({ protocol, version, train, test, tuneMinutes }: EvaluateOptions): void {
  const named = train !== null || test !== null;
  if (protocol === 'files' && (train === null || test === null)) {
    throw new Error('--protocol files needs --train FILE and --test FILE.');
  }
  if (protocol !== 'files' && named) throw new Error('--train and --test belong to --protocol files.');
  if (version !== null && tuneMinutes !== null) {
    throw new Error('--tune belongs to an evaluation that trains: leave the version out.');
  }
  if (protocol !== 'temporal' && version !== null) {
    throw new Error(`A version can only be judged by what happened after it: --protocol temporal, not ${protocol}.`);
  }
}
