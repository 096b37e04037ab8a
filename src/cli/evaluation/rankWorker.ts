// A thread that ranks: loads one version and runs every model of the table on it.
import { parentPort, workerData } from 'node:worker_threads';
import { localRankers } from '../../learning/evaluation/models/rankers.js';
import { singleModels } from '../../learning/evaluation/models/singleModels.js';
import { loadVersion } from '../../registry/versionFolder.js';
import { servedPipeline } from './pipeline.js';
import type { RankAnswer, RankCall } from './rankThreads.js';

const { folder } = workerData;
if (typeof folder !== 'string') throw new TypeError('this file is started by rankThreads.ts');
const { snapshot } = await loadVersion(folder);
const rankers = localRankers(snapshot, [...singleModels(snapshot), servedPipeline(snapshot)]);
const answer = (message: RankAnswer) => parentPort?.postMessage(message);

parentPort?.on('message', async ({ call, people, depth }: RankCall) => {
  try {
    answer({ call, lists: await rankers.rank(people, depth) });
  } catch (error) {
    answer({ call, error });
  }
});
answer({ names: rankers.names });
