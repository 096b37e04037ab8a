// `npm run bench:feedback`: durable feedback over GraphQL on PostgreSQL, the server in its own process, the load in this one.
// Prints events/s for single mutations and for batches of 100, and checks that the log holds exactly what was acknowledged.
//   --seconds N   length of each phase (10)
//   --connections N   callers at once (64)
import os from 'node:os';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { withDatabase } from './support/database.mjs';
import { startServer } from './support/server.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, connections: { type: 'string', default: '64' } },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const ITEMS = 1000;
const USERS = 5000;
const BATCH = 100;

const SINGLE = 'mutation ($input: FeedbackInput!) { sendFeedback(input: $input) { eventId duplicate } }';
const MANY =
  'mutation ($inputs: [FeedbackInput!]!) { sendFeedbackBatch(inputs: $inputs) { accepted duplicates rejected { message } } }';

// Ids as long as a UUID, and bodies put together as text: the load shares the processor with what it measures.
let made = 0;
const event = () =>
  `{"target":{"itemId":"item-${Math.floor(Math.random() * ITEMS)}"},"action":"LIKE",` +
  `"userId":"user-${Math.floor(Math.random() * USERS)}","eventId":"bench-event-${String(made++).padStart(24, '0')}"}`;
const body = (query, variables) => `{"query":${JSON.stringify(query)},"variables":${variables}}`;
const single = () => body(SINGLE, `{"input":${event()}}`);
const batch = () => body(MANY, `{"inputs":[${Array.from({ length: BATCH }, event).join(',')}]}`);

await withDatabase(async ({ databaseUrl, query }) => {
  const server = await startServer({ DATABASE_URL: databaseUrl });
  try {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.token}` };
    await seedItems(server.url, headers);

    const singles = await run('single events', 1, single);
    const batches = await run(`batches of ${BATCH}`, BATCH, batch);
    const [{ count }] = await query('SELECT count(*)::int AS count FROM interactions');
    console.log(`\nacknowledged ${singles.events + batches.events}, stored ${count}`);
    console.log(`target: 3,000 single events/s and 50,000 events/s in batches, on 2 cores shared with the load`);
    if (count < singles.events + batches.events) throw new Error('An acknowledged event is not in the log.');

    async function run(name, each, makeBody) {
      const started = performance.now();
      let answered = 0;
      const result = await autocannon({
        url: `${server.url}/graphql`,
        method: 'POST',
        headers,
        connections,
        duration: seconds,
        requests: [{ setupRequest: (request) => ({ ...request, body: makeBody() }) }],
        verifyBody: (text) => {
          const good = !text.includes('"errors"') && (each === 1 || text.includes(`"accepted":${each}`));
          if (good) answered++;
          return good;
        },
      });
      const elapsed = (performance.now() - started) / 1000;
      const events = answered * each;
      console.log(
        `${name.padEnd(16)} ${Math.round(events / elapsed).toLocaleString('en')} events/s` +
          `   p50 ${result.latency.p50} ms   p99 ${result.latency.p99} ms   errors ${result.errors + result.mismatches + result.non2xx}`,
      );
      return { events };
    }
  } finally {
    await server.stop();
  }
  console.log(`${os.cpus().length} cores (${os.cpus()[0]?.model}), Node ${process.version}`);
});

async function seedItems(url, headers) {
  const items = Array.from({ length: ITEMS }, (_, n) => ({ id: `item-${n}`, kind: 'lens', title: `Lens ${n}` }));
  const query = 'mutation ($items: [ItemInput!]!) { upsertItems(items: $items) { created rejected { message } } }';
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables: { items } }),
  });
  const { data, errors } = await response.json();
  if (data?.upsertItems.created !== ITEMS) throw new Error(`Could not create items: ${JSON.stringify(errors ?? data)}`);
}
