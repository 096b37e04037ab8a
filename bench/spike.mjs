// `npm run bench:spike`: ten times as many callers as before, for a minute, on two nodes over one PostgreSQL and one Redis.
// Arrivals are random (open loop) and go to the nodes in turn. Prints each phase and node: how requests ended, how long the
// answers took from the moment each was due, refusals apart, and how long after the spike lists are whole and quick again.
//   --items N --users N --events N   the world (10000, 20000, 200000)
//   --seconds N                      length of the spike (60); before and after it a third of that
//   --rate N                         requests a second before the spike (a quarter of what both nodes can bear)
//   --keep                           keep database and model for the next run with the same world
//   --verbose                        each second of the spike
import { mkdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { seededRandom } from '../dist/domain/random.js';
import { withDatabase } from './support/database.mjs';
import { client, closedLoop } from './support/load.mjs';
import { startServer } from './support/server.mjs';
import { outcomeOf, recoverySeconds, storm, table } from './support/storm.mjs';
import { writeWorld } from './support/world.mjs';

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '10000' },
    users: { type: 'string', default: '20000' },
    events: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string' },
    keep: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const [items, users, events, seconds] = [values.items, values.users, values.events, values.seconds].map(Number);
const redisUrl = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
const prefix = `curio:bench:${process.pid}:`;
const NODES = 2;
const SOCKETS = 512;

const QUERY = `query Home($userId: ID!) {
  recommendations(first: 20, userId: $userId) {
    degraded cached recommendations { score reason position item { id title category author { id name } } }
  }
}`;

const name = `spike_${items}_${users}_${events}`;
const folder = path.join(os.tmpdir(), `curio-bench-${name}`);
await withDatabase(
  async ({ databaseUrl, query }) => {
    mkdirSync(folder, { recursive: true });
    const env = {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      NODE_ENV: 'production',
      CURIO_JWT_SECRET: 'a secret for the benchmark and nothing else',
      CURIO_KEY_PREFIX: prefix,
    };
    const nodes = [];
    try {
      for (let node = 0; node < NODES; node++) {
        nodes.push(
          await startServer(env, {
            dataDir: folder,
            prepare: async (call) => {
              const [{ count }] = await query('SELECT count(*)::int AS count FROM model_versions');
              if (count > 0) return;
              await writeWorld(folder, { users, items, events });
              console.log(call('import', 'csv', folder).split('\n').slice(-3).join('\n'));
              console.log(call('train').split('\n')[0]);
            },
          }),
        );
      }
      await measure(nodes);
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
      await forget();
    }
    if (!values.keep) rmSync(folder, { recursive: true, force: true });
  },
  values.keep ? { name: `curio_bench_${name}`, keep: true } : {},
);
console.log(
  `${os.cpus().length} cores (${os.cpus()[0]?.model}), shared by nodes, database, Redis and callers; Node ${process.version}`,
);

async function measure(nodes) {
  const callers = nodes.map(({ url, token }) =>
    client(`${url}/graphql`, { 'content-type': 'application/json', authorization: `Bearer ${token}` }, SOCKETS),
  );
  const random = seededRandom(1);
  const body = () => JSON.stringify({ query: QUERY, variables: { userId: `user-${Math.floor(random() * users)}` } });
  let turn = 0;
  const either = (text) => callers[turn++ % NODES].send(text);
  const warm = { send: either, nextBody: body, callers: 16, check: outcomeOf };
  await closedLoop({ ...warm, seconds: 5 });
  const bear = await closedLoop({ ...warm, seconds: 5 });
  const base = values.rate === undefined ? bear.rate / 4 : Number(values.rate);
  console.log(
    `${NODES} nodes bear ${Math.round(bear.rate)} requests a second; load of the machine ${os.loadavg()[0].toFixed(1)}`,
  );
  const phases = [
    { title: 'before', rate: base, seconds: seconds / 3 },
    { title: 'spike', rate: base * 10, seconds },
    { title: 'after', rate: base, seconds: seconds / 3 },
  ];
  const heard = await storm({ phases, callers, body, random });
  for (const line of table(heard, phases, { nodes: NODES, each: values.verbose })) console.log(line);
  console.log(`whole and quick again ${recoverySeconds(heard, phases).toFixed(1)} s after the spike`);
  console.log('target: nothing but answers and RATE_LIMITED; p99 of the answers at most 150 ms');
  for (const { close } of callers) close();
}

async function forget() {
  const redis = new Redis(redisUrl);
  const stream = redis.scanStream({ match: `${prefix}*`, count: 1000 });
  for await (const keys of stream) if (keys.length > 0) await redis.unlink(keys);
  redis.disconnect();
}
