// `npm run bench:train`: what training costs.
// First the numeric parts on Gowalla (../shared/data), beside numpy and scipy where Python has them: an iteration of ALS at
// 128 factors, the spectral model, item neighbours. Then whole default trainings by `curio train`, judged by `curio evaluate`, of sample
// worlds: time, stage by stage, peak memory, and whether time grows in proportion to the events (about 80 a person).
//   --users N    people of the world (may be given several times; 13100 and 65500: a million events and five)
//   --part NAME  only this one: gowalla or whole
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setup } from '../scripts/setup.mjs';
import { withDatabase } from './support/database.mjs';
import { runInNumpy } from './support/numpy.mjs';

const { values } = parseArgs({ options: { users: { type: 'string', multiple: true }, part: { type: 'string' } } });
const sizes = (values.users ?? ['13100', '65500']).map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 1))
  throw new Error('--users must be a whole number above 0.');
if (values.part !== undefined && !['gowalla', 'whole'].includes(values.part)) {
  throw new Error(`--part must be gowalla or whole, got ${values.part}.`);
}
await setup();

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const data = path.resolve(root, '../shared/data/gowalla');
const ITEMS = 10_000;
const threads = os.availableParallelism();
console.log(
  `Node ${process.versions.node}, ${threads} cores (${os.cpus()[0]?.model}), load ${os.loadavg()[0]?.toFixed(1)}`,
);
if (values.part !== 'whole') await gowalla();
if (values.part !== 'gowalla') await wholes();

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

  // The peer knows no order: without times all that a person took to counts alike.
  const table = (await files(train, test)).train;
  const interactions = foldInteractions({ ...table, times: table.times.map(() => 0) });
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

/** Trains on what the people of a sample world did up to five days ago, and judges the version by what they did since. */
function whole(env, users) {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'curio-bench-'));
  const run = (...words) => measured(words, { ...env, CURIO_DATA_DIR: dataDir });
  try {
    const loaded = run('sample', '--users', String(users), '--items', String(ITEMS));
    const until = new Date(Date.now() - 5 * 86_400_000).toISOString();
    const trained = run('train', '--until', until, '--no-deploy');
    const [version] = /\d{8}-\d{6}-[0-9a-f]{4}/.exec(trained.stdout) ?? [];
    if (version === undefined) throw new Error(`curio train named no version:\n${trained.stdout}`);
    const events = Number(/ (\d+) events /.exec(run('models').stdout)?.[1]);
    const judged = run('evaluate', version);
    const seconds = trained.seconds + judged.seconds;
    const peak = Math.max(trained.peakMiB, judged.peakMiB);
    console.log(
      `\n${count(events)} events of ${count(users)} people on ${count(ITEMS)} items: ${seconds.toFixed(0)} s, ` +
        `peak memory ${count(peak)} MiB (the world was loaded in ${loaded.seconds.toFixed(0)} s)`,
    );
    for (const [name, one] of [
      ['training', trained],
      ['evaluation', judged],
    ]) {
      const { seconds: took, cpuSeconds, peakMiB } = one;
      console.log(
        `  ${name}: ${took.toFixed(1)} s, ${cpuSeconds.toFixed(0)} s of processor time, ${count(peakMiB)} MiB`,
      );
      for (const line of one.stdout.split('\n').filter((text) => text.includes('"stage ended"'))) {
        const { stage, seconds: own } = JSON.parse(line);
        console.log(`    ${stage.padEnd(40)} ${own.toFixed(1)} s`);
      }
    }
    console.log(judged.stdout.split('\n').slice(0, 14).join('\n'));
    return { events, seconds, cpuSeconds: trained.cpuSeconds + judged.cpuSeconds, peak };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function wholes() {
  const done = [];
  for (const users of sizes) {
    const before = done.length;
    await withDatabase(async ({ databaseUrl }) => void done.push(whole({ DATABASE_URL: databaseUrl }, users)));
    if (done.length > before) continue;
    console.log('The embedded database instead, in the same process: its memory counts too.');
    done.push(whole({}, users));
  }
  const [first] = done;
  for (const one of done.slice(1)) {
    const times = (name) => `${(one[name] / first[name]).toFixed(2)} times`;
    console.log(
      `\n${times('events')} the events: ${times('seconds')} the time, ${times('cpuSeconds')} the processor time, ` +
        `${times('peak')} the memory`,
    );
  }
  console.log('target: a million events within 180 s and 2,048 MiB on 2 cores; time in proportion to the events');
}

/** What a command printed, how long it took and the most memory it held. Progress goes to the terminal. */
function measured(words, env) {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...outer } = process.env;
  const { status, output } = spawnSync(process.execPath, [path.join(root, 'bench/support/measured.mjs'), ...words], {
    env: { ...outer, CURIO_LOG_LEVEL: 'debug', ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  if (status !== 0) throw new Error(`curio ${words.join(' ')} failed`);
  return { stdout: output[1], ...JSON.parse(output[3]) };
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
