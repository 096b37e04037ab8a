// A thread that ranks: loads one version and runs every model of the table on it.
import { parentPort, workerData } from 'node:worker_threads';
import { als } from '../../learning/evaluation/models/als.js';
import { itemKnn } from '../../learning/evaluation/models/itemKnn.js';
import { popularity } from '../../learning/evaluation/models/popularity.js';
import { localRankers } from '../../learning/evaluation/models/rankers.js';
import { loadVersion } from '../../registry/versionFolder.js';
import { servedPipeline } from './pipeline.js';
import type { RankAnswer, RankCall } from './rankThreads.js';

const { folder } = workerData;
if (typeof folder !== 'string') throw new TypeError('this file is started by rankThreads.ts');
const { snapshot } = await loadVersion(folder);
const models = [popularity(snapshot), itemKnn(snapshot), als(snapshot), servedPipeline(snapshot)];
const rankers = localRankers(snapshot, models);
const answer = (message: RankAnswer) => parentPort?.postMessage(message);

parentPort?.on('message', async ({ call, people, depth }: RankCall) => {
  try {
    answer({ call, lists: await rankers.rank(people, depth) });
  } catch (error) {
    answer({ call, error });
  }
});
answer({ names: rankers.names });
