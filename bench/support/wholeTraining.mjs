// One training and evaluation by `curio evaluate`'s own code, in a process of its own so that its memory can be told.
// Argument: events of the training slice. Prints JSON: seconds of each stage and in all, peak memory.
import os from 'node:os';
import { openRankThreads } from '../../dist/cli/evaluation/rankThreads.js';
import { systemClock } from '../../dist/domain/clock.js';
import { evaluateSplit } from '../../dist/learning/evaluation/evaluate.js';
import { readEventTable } from '../../dist/learning/evaluation/eventTable.js';
import { temporal } from '../../dist/learning/evaluation/protocols/temporal.js';
import { syntheticLog } from './syntheticLog.mjs';

const events = Number(process.argv[2]);
/** What is held out is a fifth of the log. */
const HELD_OUT = 0.2;
const threads = os.availableParallelism();
const log = syntheticLog({ events: Math.round(events / (1 - HELD_OUT)), items: 20_000, groups: 200, seed: 1 });
const stages = [];
const onProgress = ({ stage }) => {
  if (stages.at(-1)?.stage !== stage) stages.push({ stage, started: performance.now() });
};

const started = performance.now();
onProgress({ stage: 'make and read the log' });
const split = temporal(await readEventTable({ tenant: 'bench', ...log }));
const trained = performance.now();
const report = await evaluateSplit({
  split,
  openRankers: (folder) => openRankThreads(folder, threads),
  seed: 1,
  clock: systemClock,
  threads,
  onProgress,
});
const ended = performance.now();
console.log(
  JSON.stringify({
    events: report.counts.events,
    items: report.counts.items,
    people: report.counts.people,
    ranker: report.ranker,
    ndcg: Object.fromEntries(report.models.map(({ name, metrics }) => [name, metrics['ndcg@10'].mean])),
    seconds: (ended - trained) / 1000,
    readSeconds: (trained - started) / 1000,
    stages: stages.map(({ stage, started: from }, at) => [stage, ((stages[at + 1]?.started ?? ended) - from) / 1000]),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
