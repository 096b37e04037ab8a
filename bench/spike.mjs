// `npm run bench:spike`: ten times as many callers as before, for a minute, on two nodes over one PostgreSQL and one Redis.
// Arrivals are random (open loop) and go to the nodes in turn. Prints each phase and node: how requests ended, how long the
// answers took from the moment each was due, refusals apart, and how long after the spike lists are whole and quick again.
//   --items N --users N --events N   the world (10000, 20000, 200000)
//   --seconds N                      length of the spike (60); before and after it a third of that
//   --rate N                         requests a second before the spike (a quarter of what both nodes can bear)
//   --keep                           keep database and model for the next run with the same world
//   --verbose                        each second of the spike
import os from 'node:os';
import { parseArgs } from 'node:util';
import { seededRandom } from '../dist/domain/random.js';
import { client, closedLoop } from './support/load.mjs';
import { withServers } from './support/served.mjs';
import { outcomeOf, recoverySeconds, storm, table } from './support/storm.mjs';

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
const NODES = 2;
const SOCKETS = 512;

const QUERY = `query Home($userId: ID!) {
  recommendations(first: 20, userId: $userId) {
    degraded cached recommendations { score reason position item { id title category author { id name } } }
  }
}`;

await withServers({ name: 'spike', world: { items, users, events }, nodes: NODES, keep: values.keep }, measure);
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
