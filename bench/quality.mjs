// `npm run bench:quality`: `curio evaluate` on the public sets in ../shared/data, each with a data folder of its own.
// Prints the tables and keeps nothing. A set that is not there is skipped, and said so.
//   --set NAME    only this one: gowalla or movielens
//   --seed N      of training and of the intervals (1)
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { set: { type: 'string' }, seed: { type: 'string', default: '1' } } });
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const data = path.resolve(root, '../shared/data');
const curio = path.join(root, 'bin/curio.mjs');

const gowalla = { train: path.join(data, 'gowalla/train.txt'), test: path.join(data, 'gowalla/test.txt') };
const films = path.join(data, 'ml-latest-small');

const SETS = {
  gowalla: {
    title: 'Gowalla',
    needs: [gowalla.train, gowalla.test],
    run(command) {
      measure(command, ['--protocol', 'files', '--train', gowalla.train, '--test', gowalla.test]);
    },
  },
  movielens: {
    title: 'MovieLens latest-small',
    needs: [path.join(films, 'ratings.csv'), path.join(films, 'movies.csv'), path.join(films, 'tags.csv')],
    run(command) {
      command('import', 'movielens', films);
      measure(command, ['--protocol', 'temporal']);
      measure(command, ['--protocol', 'leave-last-one']);
    },
  },
};

if (values.set !== undefined && !Object.hasOwn(SETS, values.set)) {
  console.error(`--set must be one of ${Object.keys(SETS).join(', ')}, got ${values.set}.`);
  process.exit(1);
}
console.log(
  `Node ${process.versions.node}, ${os.availableParallelism()} cores, ${os.cpus()[0]?.model ?? 'unknown processor'}`,
);
for (const [name, { title, needs, run }] of Object.entries(SETS)) {
  if (values.set !== undefined && values.set !== name) continue;
  const missing = needs.find((file) => !existsSync(file));
  if (missing !== undefined) {
    console.log(`\nSkipped ${title}: there is no ${missing}.`);
    continue;
  }
  console.log(`\n## ${title}`);
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'curio-quality-'));
  try {
    run((...words) => call(words, dataDir));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function measure(command, words) {
  const started = performance.now();
  const table = command('evaluate', ...words, '--seed', values.seed);
  console.log(`\n${table}\n(${((performance.now() - started) / 1000).toFixed(0)} s)`);
}

/** Runs a command with everything embedded; progress goes to the terminal. Answers what it printed. */
function call(words, dataDir) {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [curio, ...words], {
    env: { ...env, CURIO_DATA_DIR: dataDir, CURIO_LOG_LEVEL: 'warn' },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`curio ${words.join(' ')} failed`);
  return stdout.trim();
}
