// `npm run bench:serve`: personalised recommendations over HTTP, on PostgreSQL and Redis, the server in its own process and
// the load in this one. Prints the server's processor time a request, uncached and cached; latency at half the rate it
// can bear, arrivals at random; a ten-fold spike; and the same query answered by a plain Apollo Server, in the same run.
//   --items N --users N --events N   the world (50000, 100000, 1000000)
//   --seconds N                      length of each phase (10)
//   --keep                           keep database and model for the next run with the same world
import { spawn } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '../dist/domain/random.js';
import { cpuMs, memoryBytes } from './support/cpu.mjs';
import { client, closedLoop, openLoop } from './support/load.mjs';
import { withServers } from './support/served.mjs';

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '50000' },
    users: { type: 'string', default: '100000' },
    events: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '10' },
    keep: { type: 'boolean', default: false },
  },
});
const [items, users, events, seconds] = [values.items, values.users, values.events, values.seconds].map(Number);
/** So few that nobody is shed: what a whole list costs is asked here, and what the server bears with nobody waiting in line. */
const CALLERS = 4;

const QUERY = `query Home($userId: ID!) {
  recommendations(first: 20, userId: $userId) {
    requestId algorithmVersion degraded cached
    recommendations { score reason source position item { id kind title category tags author { id name } } }
  }
}`;
const bodyFor = (user) => JSON.stringify({ query: QUERY, variables: { userId: `user-${user}` } });
const check = ({ status, text }) => {
  if (text.includes('RATE_LIMITED')) return 'rate limited';
  if (status !== 200 || text.includes('"errors"')) return `error ${status}`;
  return /"degraded":"(\w+)"/.exec(text)?.[1] === 'NONE' ? 'full' : 'degraded';
};

await withServers({ name: 'serve', world: { items, users, events }, keep: values.keep }, async ([server]) => {
  await atRest(server.pid);
  await measure(server);
});
console.log(`${os.cpus().length} cores (${os.cpus()[0]?.model}), Node ${process.version}`);

async function measure(server) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.token}` };
  const { send, close } = client(`${server.url}/graphql`, headers, 512);
  const random = seededRandom(1);
  // Every person once, in random order: nobody's list is cached.
  const order = shuffled(users, random);
  let turn = 0;
  const fresh = () => bodyFor(order[turn++ % order.length]);
  // So many that nobody is asked for three times in a phase: who saw a list that often gets another, which is not cached.
  const few = Array.from({ length: 1_500 }, (_, n) => bodyFor(order[order.length - 1 - n]));
  let again = 0;
  const same = () => few[again++ % few.length];
  const closed = (nextBody, callers = CALLERS) => closedLoop({ send, nextBody, callers, seconds, check });

  await closedLoop({ send, nextBody: fresh, callers: CALLERS, seconds: Math.min(5, seconds), check });
  const uncached = await withCpu(server.pid, () => closed(fresh));
  show('uncached, closed loop', uncached);
  for (const body of few) await send(body);
  show('cached, closed loop', await withCpu(server.pid, () => closed(same)));
  const half = uncached.rate / 2;
  show(
    `uncached, ${Math.round(half)}/s at random`,
    await openLoop({ send, nextBody: fresh, rate: half, seconds, random, check }),
  );
  const base = uncached.rate / 4;
  const calm = openLoop({ send, nextBody: fresh, rate: base, seconds, random, check });
  show(`before the spike, ${Math.round(base)}/s`, await calm);
  show(
    `spike, ${Math.round(10 * base)}/s`,
    await openLoop({ send, nextBody: fresh, rate: 10 * base, seconds, random, check }),
  );
  show(
    `after the spike, ${Math.round(base)}/s`,
    await openLoop({ send, nextBody: fresh, rate: base, seconds, random, check }),
  );
  console.log(`memory of the server ${(memoryBytes(server.pid) / 2 ** 20).toFixed(0)} MiB, ${items} items`);
  close();

  const plain = await startPlain();
  const other = client(plain.url, { 'content-type': 'application/json' }, 512);
  await closedLoop({ send: other.send, nextBody: fresh, callers: CALLERS, seconds: Math.min(5, seconds), check });
  const apollo = await withCpu(plain.pid, () =>
    closedLoop({ send: other.send, nextBody: fresh, callers: CALLERS, seconds, check }),
  );
  show('plain Apollo Server, in memory', apollo);
  other.close();
  plain.stop();
  console.log(`ours uncached costs ${(uncached.cpu / apollo.cpu).toFixed(2)} of plain Apollo's processor time`);
  console.log(
    'target: ≤ 1.0 ms uncached, ≤ 0.25 ms cached; p99 ≤ 25 ms at half the rate, ≤ 150 ms in the spike, no error',
  );
}

/** A server that has just started fills its search index and counts what trends: what it takes then is no cost of a request. */
async function atRest(pid) {
  const started = performance.now();
  for (let spent = Number.POSITIVE_INFINITY; spent > 100 && performance.now() - started < 120_000; ) {
    const before = cpuMs(pid);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    spent = cpuMs(pid) - before;
  }
  console.log(`at rest ${((performance.now() - started) / 1000).toFixed(0)} s after it was ready`);
}

async function withCpu(pid, run) {
  const before = cpuMs(pid);
  const result = await run();
  return { ...result, cpu: (cpuMs(pid) - before) / result.requests };
}

function show(title, { requests, rate, p50, p99, worst, cpu, outcomes }) {
  const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
  console.log(
    `${title.padEnd(32)} ${requests} requests, ${Math.round(rate)}/s  p50 ${ms(p50)}  p99 ${ms(p99)}  worst ${ms(worst)}` +
      `${cpu === undefined ? '' : `  processor ${cpu.toFixed(3)} ms a request`}  ${JSON.stringify(outcomes)}`,
  );
}

function shuffled(count, random) {
  const order = Int32Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}

async function startPlain() {
  const file = fileURLToPath(new URL('./support/plainApollo.mjs', import.meta.url));
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      const found = /ready at (\S+)/.exec(String(chunk));
      if (found) resolve(found[1]);
    });
  });
  return { url, pid: child.pid, stop: () => child.kill() };
}
