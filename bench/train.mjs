// `npm run bench:train`: what training costs.
// First the numeric parts on Gowalla (../shared/data), beside numpy and scipy where Python has them: an iteration of ALS at
// 128 factors, the spectral model, item neighbours. Then whole default trainings with their evaluation on synthetic logs, each in a
// process of its own: time, stage by stage, and peak memory, and whether time grows linearly.
//   --events N   events that are learned from (may be given several times; 1000000 and 5000000)
//   --part NAME  only this one: gowalla or whole
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setup } from '../scripts/setup.mjs';
import { runInNumpy } from './support/numpy.mjs';

const { values } = parseArgs({ options: { events: { type: 'string', multiple: true }, part: { type: 'string' } } });
const sizes = (values.events ?? ['1000000', '5000000']).map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 1))
  throw new Error('--events must be a whole number above 0.');
if (values.part !== undefined && !['gowalla', 'whole'].includes(values.part)) {
  throw new Error(`--part must be gowalla or whole, got ${values.part}.`);
}
await setup();

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const data = path.resolve(root, '../shared/data/gowalla');
const threads = os.availableParallelism();
console.log(
  `Node ${process.versions.node}, ${threads} cores (${os.cpus()[0]?.model}), load ${os.loadavg()[0]?.toFixed(1)}`,
);
if (values.part !== 'whole') await gowalla();
if (values.part !== 'gowalla') whole();

async function gowalla() {
  const [train, test] = ['train.txt', 'test.txt'].map((name) => path.join(data, name));
  const missing = [train, test].find((file) => !existsSync(file));
  if (missing !== undefined) {
    console.log(`\nSkipped Gowalla: there is no ${missing}.`);
    return;
  }
  const { files } = await import('../dist/learning/evaluation/protocols/files.js');
  const { foldInteractions } = await import('../dist/learning/examples/interactions.js');
  const { openPool } = await import('../dist/kernels/pool.js');
  const { ALS_DEFAULTS, trainAls } = await import('../dist/learning/trainers/als.js');
  const { SPECTRAL_DEFAULTS, trainSpectral } = await import('../dist/learning/trainers/spectral.js');
  const { NEIGHBOUR_DEFAULTS, trainItemNeighbours } = await import('../dist/learning/trainers/itemNeighbours.js');
  const { confidenceOf } = await import('../dist/features/foldIn.js');
  const { worthOf } = await import('../dist/features/worth.js');

  const interactions = foldInteractions((await files(train, test)).train);
  const { itemCount, items } = interactions;
  console.log(`\nGowalla: ${count(items.length)} interactions, ${count(itemCount)} items`);
  const pool = openPool({ threads });
  const shared = { interactions, seed: 1, pool };
  const als = { ...ALS_DEFAULTS, dimensions: 128, iterations: 5 };
  const times = [performance.now()];
  const { model, losses } = await trainAls({
    ...shared,
    parameters: als,
    onIteration: () => times.push(performance.now()),
  });
  // The first one has the preparation in it.
  const iterations = times.slice(2).map((time, at) => (time - (times[at + 1] ?? 0)) / 1000);
  const spectral = await timed(() => trainSpectral({ ...shared, parameters: SPECTRAL_DEFAULTS }));
  const near = await timed(() => trainItemNeighbours({ ...shared, parameters: NEIGHBOUR_DEFAULTS }));
  await pool.dispose();

  const { dimensions } = spectral.result.model;
  const width = Math.ceil((dimensions + 24) / 8) * 8;
  const numpy = runInNumpy({
    train,
    items: itemCount,
    als: {
      dimensions: als.dimensions,
      iterations: als.iterations,
      steps: als.steps,
      confidence: confidenceOf(worthOf('LIKE', null), 1),
      alpha: model.unobservedWeight,
      regularization: als.regularization,
      exponent: als.frequencyExponent,
    },
    svd: {
      width,
      wanted: dimensions,
      iterations: SPECTRAL_DEFAULTS.iterations,
      userExponent: SPECTRAL_DEFAULTS.userExponent,
      itemExponent: SPECTRAL_DEFAULTS.itemExponent,
    },
    knn: {
      width: NEIGHBOUR_DEFAULTS.width,
      popularityExponent: NEIGHBOUR_DEFAULTS.popularityExponent,
      shrinkage: NEIGHBOUR_DEFAULTS.shrinkage,
    },
  });
  if (numpy !== null) console.log(`beside ${numpy.versions} with their own threads`);
  const row = (name, seconds, other, note) =>
    console.log(
      `  ${name.padEnd(42)} ${seconds.toFixed(2)} s${other === undefined ? '' : `, numpy ${other.toFixed(2)} s`}${note}`,
    );
  row(
    'ALS, 128 factors, one iteration',
    median(iterations),
    numpy?.als.seconds,
    `  (objective after ${als.iterations}: ${count(losses.at(-1) ?? 0)}${numpy ? ` and ${count(numpy.als.loss)}` : ''}; target 2.5 s)`,
  );
  row(`spectral model, ${dimensions} singular values`, spectral.seconds, numpy?.svd.seconds, '');
  row(
    `item neighbours, the nearest ${NEIGHBOUR_DEFAULTS.width}`,
    near.seconds,
    numpy?.knn.seconds,
    `  (${count(near.result.indices.length)}${numpy ? ` and ${count(numpy.knn.entries)}` : ''} entries)`,
  );
}

function whole() {
  const script = path.join(root, 'bench/support/wholeTraining.mjs');
  const measured = sizes.map((size) => {
    const { status, stdout } = spawnSync(process.execPath, [script, String(size)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`training on ${size} events failed`);
    const one = JSON.parse(stdout);
    console.log(
      `\n${count(one.events)} events, ${count(one.items)} items, ${count(one.people)} people judged, the ${one.ranker} ranker:` +
        ` ${one.seconds.toFixed(0)} s, peak memory ${count(one.peakBytes / 2 ** 20)} MiB` +
        ` (making and reading the log took ${one.readSeconds.toFixed(0)} s)`,
    );
    for (const [stage, seconds] of one.stages) console.log(`  ${stage.padEnd(42)} ${seconds.toFixed(1)} s`);
    const figures = Object.entries(one.ndcg).map(([name, ndcg]) => `${name} ${ndcg.toFixed(4)}`);
    console.log(`  NDCG@10: ${figures.join(', ')}`);
    return one;
  });
  const [first] = measured;
  for (const one of measured.slice(1)) {
    const [events, time, memory] = ['events', 'seconds', 'peakBytes'].map((name) => one[name] / first[name]);
    console.log(
      `\n${events.toFixed(2)} times the events: ${time.toFixed(2)} times the time, ${memory.toFixed(2)} times the memory`,
    );
  }
  console.log('target: 1,000,000 events within 180 s and 2,048 MiB on 2 cores; time in proportion to the events');
}

async function timed(work) {
  const started = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - started) / 1000 };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function count(number) {
  return Math.round(number).toLocaleString('en');
}
