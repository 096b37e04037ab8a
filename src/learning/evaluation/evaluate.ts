import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../../domain/clock.js';
import { CurioError } from '../../domain/errors.js';
import { silentLog } from '../../domain/log.js';
import type { Snapshot } from '../../registry/snapshot.js';
import { loadVersion, writeVersion } from '../../registry/versionFolder.js';
import type { OnProgress } from '../progress.js';
import { type TrainingParameters, train } from '../train.js';
import { judge } from './judge.js';
import { als } from './models/als.js';
import { itemKnn } from './models/itemKnn.js';
import type { RankingModel } from './models/model.js';
import { popularity } from './models/popularity.js';
import type { EvaluationReport } from './report.js';
import { type Split, trainingStore } from './split.js';

export interface EvaluationOptions {
  readonly split: Split;
  /** The whole served pipeline over a snapshot: the last row of the table. */
  readonly openPipeline: (snapshot: Snapshot) => RankingModel;
  /** Of training and of the intervals: the same seed gives the same report. */
  readonly seed: number;
  readonly clock: Clock;
  readonly threads: number;
  /** @default TRAINING_DEFAULTS */
  readonly parameters?: TrainingParameters;
  readonly onProgress?: OnProgress;
}

/**
 * Trains a version on the training slice as `curio train` does, writes it to a temporary folder, loads it as serving does,
 * and judges it.
 * @throws CurioError `BAD_USER_INPUT` when there is nobody to judge by.
 */
export async function evaluateSplit(options: EvaluationOptions): Promise<EvaluationReport> {
  const { split, seed, clock, threads, parameters, onProgress } = options;
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
      log: silentLog,
      ...(parameters === undefined ? {} : { parameters }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    const { snapshot, dispose } = await loadVersion(path.join(folder, version));
    try {
      return { ...(await evaluateSnapshot({ ...options, snapshot })), version: null };
    } finally {
      await dispose();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Judges a version that has learned from nothing but the training slice.
 * @throws CurioError `BAD_USER_INPUT` when there is nobody to judge by.
 */
export async function evaluateSnapshot(
  options: Pick<EvaluationOptions, 'split' | 'openPipeline' | 'seed' | 'onProgress'> & { readonly snapshot: Snapshot },
): Promise<EvaluationReport> {
  const { split, snapshot, openPipeline, seed, onProgress = () => {} } = options;
  checkSplit(split);
  const models = [popularity(snapshot), itemKnn(snapshot), als(snapshot), openPipeline(snapshot)];
  const judged = await judge({ split, snapshot, models, seed, onProgress });
  return {
    protocol: split.protocol,
    seed,
    version: snapshot.version,
    until: split.protocol === 'files' ? null : new Date(split.until).toISOString(),
    ranker: snapshot.ranker === null ? 'formula' : 'learned',
    ...judged,
  };
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
