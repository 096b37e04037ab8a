// `npm run bench:import`: how fast `curio import csv` fills PostgreSQL, and whether memory stays flat. Generates
// interactions (100,000 people, 20,000 items, both with a long tail) and imports them into a database of its own.
//   --rows N   how many (may be given several times; 1000000 and 5000000)
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../dist/domain/clock.js';
import { seededRandom } from '../dist/domain/random.js';
import { isPositive } from '../dist/features/worth.js';
import { importFolder } from '../dist/importing/importFolder.js';
import { openPostgres } from '../dist/store/postgres/open.js';
import { createLog } from '../dist/telemetry/log.js';
import { withDatabase } from './support/database.mjs';

const { values } = parseArgs({ options: { rows: { type: 'string', multiple: true } } });
const sizes = (values.rows ?? ['1000000', '5000000']).map(Number);
if (sizes.some((rows) => !Number.isInteger(rows) || rows < 1))
  throw new Error('--rows must be a whole number above 0.');

const ACTIONS = ['VIEW', 'VIEW', 'VIEW', 'VIEW', 'APPLY', 'APPLY', 'LIKE', 'SAVE', 'SHARE', 'SKIP', 'SKIP', 'DISLIKE'];
const USERS = 100_000;
const ITEMS = 20_000;
const START_MS = Date.UTC(2025, 0);

const folder = await mkdtemp(path.join(os.tmpdir(), 'curio-bench-'));
try {
  for (const rows of sizes) {
    await withDatabase(async ({ databaseUrl }) => {
      await generate(path.join(folder, 'interactions.csv'), rows);
      await measure(databaseUrl, rows);
    });
  }
  console.log('target: 50,000 rows/s and flat memory, on 2 cores shared with the database');
  console.log(`${os.cpus().length} cores (${os.cpus()[0]?.model}), Node ${process.version}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function generate(file, rows) {
  const random = seededRandom(rows);
  const out = createWriteStream(file);
  let text = 'user_id,item_id,action,value,timestamp\n';
  for (let row = 0; row < rows; row++) {
    const user = Math.floor(USERS * random() ** 1.5);
    const item = Math.floor(ITEMS * random() ** 3);
    const action = ACTIONS[Math.floor(ACTIONS.length * random())];
    text += `user-${user},item-${item},${action},,${START_MS + row * 1_000}\n`;
    if (text.length < 1 << 20) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'close');
}

async function measure(databaseUrl, rows) {
  const log = createLog({ level: 'silent', pretty: false });
  const options = { databaseUrl, dataDir: folder, poolSize: 10, isPositive, log, clock: systemClock };
  const stores = await openPostgres(options);
  try {
    await stores.migrate();
    const deps = { stores, tenant: 'bench', clock: systemClock, onReject: () => {}, onProgress: () => {} };
    const { size } = await stat(path.join(folder, 'interactions.csv'));
    const memory = watchMemory();
    const cpu = process.cpuUsage();
    const started = performance.now();
    const [counts] = await importFolder(deps, 'csv', folder);
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    if (counts.created !== rows) throw new Error(`Imported ${counts.created} of ${rows} rows.`);
    console.log(
      `${whole(rows)} rows (${whole(size / 1e6)} MB): ${whole(rows / seconds)} rows/s in ${seconds.toFixed(1)} s; ` +
        `own CPU ${((user + system) / 1e4 / seconds).toFixed(0)} % of a core; ${memory()}`,
    );
  } finally {
    await stores.dispose();
  }
}

/** Growth with the file would show between the first third of the time and the last. */
function watchMemory() {
  const samples = [];
  const timer = setInterval(() => samples.push(process.memoryUsage.rss()), 100);
  return () => {
    clearInterval(timer);
    const third = Math.ceil(samples.length / 3);
    const most = (part) => `${whole(Math.max(0, ...part) / 2 ** 20)} MiB`;
    return `peak memory ${most(samples)} (first third ${most(samples.slice(0, third))}, last ${most(samples.slice(-third))})`;
  };
}

function whole(number) {
  return Math.round(number).toLocaleString('en');
}
