import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../../domain/clock.js';
import { CurioError } from '../../domain/errors.js';
import { silentLog } from '../../domain/log.js';
import { loadVersion, writeVersion } from '../../registry/versionFolder.js';
import type { OnProgress } from '../progress.js';
import { type TrainingParameters, train } from '../train.js';
import type { TuningBudget } from '../tuning/budget.js';
import { judge } from './judge.js';
import type { Rankers } from './models/rankers.js';
import type { EvaluationReport } from './report.js';
import { type Split, trainingStore } from './split.js';

export interface EvaluationOptions {
  readonly split: Split;
  /** The models of the version in a folder, one row of the table each; the last one is what the others are held against. */
  readonly openRankers: (versionFolder: string) => Promise<Rankers>;
  /** Of training and of the intervals: the same seed gives the same report. */
  readonly seed: number;
  readonly clock: Clock;
  readonly threads: number;
  /** @default TRAINING_DEFAULTS */
  readonly parameters?: TrainingParameters;
  /** Searches the parameters first, on the newest part of the training slice. @default no search */
  readonly tuning?: TuningBudget | null;
  readonly onProgress?: OnProgress;
}

/**
 * Trains a version on the training slice as `curio train` does, in a temporary folder, and judges it.
 * @throws CurioError `BAD_USER_INPUT` when there is nobody to judge by.
 */
export async function evaluateSplit(options: EvaluationOptions): Promise<EvaluationReport> {
  const { split, seed, clock, threads, parameters, tuning = null, onProgress } = options;
  checkSplit(split);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'curio-evaluate-'));
  try {
    const { version } = await train({
      tenant: 'evaluation',
      ...trainingStore(split),
      registry: { publish: (tenant, draft) => writeVersion(folder, { tenant, parent: null }, draft) },
      until: split.until,
      seed,
      clock,
      threads,
      tuning,
      log: silentLog,
      ...(parameters === undefined ? {} : { parameters }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    return { ...(await evaluateVersion({ ...options, folder: path.join(folder, version) })), version: null };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Judges the version in `folder`, which has learned from nothing but the training slice.
 * @throws CurioError `BAD_USER_INPUT` when there is nobody to judge by.
 */
export async function evaluateVersion(
  options: Pick<EvaluationOptions, 'split' | 'openRankers' | 'seed' | 'onProgress'> & { readonly folder: string },
): Promise<EvaluationReport> {
  const { split, folder, openRankers, seed, onProgress = () => {} } = options;
  checkSplit(split);
  const { snapshot, dispose } = await loadVersion(folder);
  try {
    const rankers = await openRankers(folder);
    try {
      return {
        protocol: split.protocol,
        seed,
        version: snapshot.version,
        until: split.protocol === 'files' ? null : new Date(split.until).toISOString(),
        ranker: snapshot.ranker === null ? 'formula' : 'learned',
        ...(await judge({ split, items: snapshot.items, rankers, seed, onProgress })),
      };
    } finally {
      await rankers.dispose();
    }
  } finally {
    await dispose();
  }
}

function checkSplit({ people, train }: Split): void {
  if (train.users.length === 0) throw new CurioError('BAD_USER_INPUT', 'There is nothing to learn from.');
  if (people.length === 0) {
    throw new CurioError(
      'BAD_USER_INPUT',
      'There is nobody to judge by: no one took to a new item in the held-out part.',
    );
  }
}
