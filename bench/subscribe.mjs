// `npm run bench:subscribe`: open subscriptions on one node on PostgreSQL, the server in its own process, the readers in this one. Prints the server's memory and how long a change takes to reach each reader, from the moment the feedback that
// makes it is acknowledged. Changes come a little more than a second apart: readers are told at most once a second.
//   --subscribers N   (5000)      --rounds N   changes (20)      --transport ws|sse   (ws)
import { readFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { withDatabase } from './support/database.mjs';
import { startServer } from './support/server.mjs';

const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '20' },
    transport: { type: 'string', default: 'ws' },
  },
});
const subscribers = Number(values.subscribers);
const rounds = Number(values.rounds);
const ITEMS = 200;
const PEOPLE = 20;
const AT_ONCE = 100;
const PATIENCE_MS = 10_000;
const SUBSCRIPTION =
  'subscription { trendingUpdated(first: 10) { cursor whole entered left moved items { rank score change item { id title category } } } }';

await withDatabase(async ({ databaseUrl }) => {
  const server = await startServer({ DATABASE_URL: databaseUrl });
  try {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.token}` };
    const items = Array.from({ length: ITEMS }, (_, n) => ({
      id: `item-${n}`,
      kind: 'lens',
      title: `Lens ${n}`,
      category: 'face',
    }));
    await ask('mutation ($items: [ItemInput!]!) { upsertItems(items: $items) { created } }', { items });
    await ask('{ trending { rank } }');
    const memoryBefore = memory(server);

    /** What to do with each update, as text. */
    let hear = () => {};
    const open = values.transport === 'sse' ? openStream : openSocket;
    const started = performance.now();
    for (let from = 0; from < subscribers; from += AT_ONCE) {
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, subscribers - from) }, () => open((text) => hear(text))),
      );
    }
    const opening = (performance.now() - started) / 1000;
    console.log(
      `${subscribers.toLocaleString('en')} subscriptions over ${values.transport}, opened in ${opening.toFixed(1)} s`,
    );
    const memoryOpen = memory(server);

    const latencies = [];
    let lost = 0;
    for (let round = 0; round < rounds; round++) {
      const itemId = `item-${round % ITEMS}`;
      const told = [];
      const all = new Promise((resolve) => {
        hear = (text) => {
          if (!text.includes(`"${itemId}"`)) return;
          told.push(performance.now());
          if (told.length === subscribers) resolve();
        };
      });
      const inputs = Array.from({ length: PEOPLE + round }, (_, n) => ({
        target: { itemId },
        action: 'LIKE',
        userId: `person-${round}-${n}`,
      }));
      await ask('mutation ($inputs: [FeedbackInput!]!) { sendFeedbackBatch(inputs: $inputs) { accepted } }', {
        inputs,
      });
      const acknowledged = performance.now();
      await Promise.race([all, sleep(PATIENCE_MS)]);
      lost += subscribers - told.length;
      latencies.push(...told.map((at) => Math.max(0, at - acknowledged)));
      await sleep(1_100 + 400 * Math.random());
    }
    latencies.sort((a, b) => a - b);
    const at = (share) =>
      Math.round(latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? 0);
    const { now, peak } = memory(server);
    console.log(
      `delivery         p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   last ${at(1)} ms   lost ${lost}   (${rounds} changes)`,
    );
    console.log(
      `server memory    ${memoryBefore.now} MB before, ${memoryOpen.now} MB with all open, ${now} MB after, ${peak} MB at most (resident)`,
    );
    console.log('target: 5,000 on one node within 500 MB, a change reaching the last of them within 1,000 ms at p99');
    console.log(`${os.cpus().length} cores shared with the readers (${os.cpus()[0]?.model}), Node ${process.version}`);

    async function ask(query, variables = {}) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = await response.json();
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    }

    /** Resolves once the whole list has come. */
    function openSocket(listener) {
      return new Promise((resolve, reject) => {
        const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
          headers: { authorization: headers.authorization },
          perMessageDeflate: false,
        });
        socket.on('open', () => socket.send('{"type":"connection_init"}'));
        socket.on('message', (data) => {
          const text = String(data);
          if (text.startsWith('{"type":"connection_ack"')) {
            socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION } }));
          } else {
            listener(text);
            resolve();
          }
        });
        socket.on('error', reject);
        socket.on('close', (code, reason) => reject(new Error(`closed: ${code} ${reason}`)));
      });
    }

    function openStream(listener) {
      return new Promise((resolve, reject) => {
        const request = http.request(`${server.url}/graphql`, {
          method: 'POST',
          agent: false,
          headers: { ...headers, accept: 'text/event-stream' },
        });
        request.on('response', (response) => {
          response.setEncoding('utf8');
          let text = '';
          response.on('data', (part) => {
            text += part;
            if (!text.endsWith('\n\n')) return;
            listener(text);
            text = '';
            resolve();
          });
          response.on('end', () => reject(new Error('ended')));
        });
        request.on('error', reject);
        request.end(JSON.stringify({ query: SUBSCRIPTION }));
      });
    }
  } finally {
    await server.stop();
  }
});
process.exit();

/** Megabytes (2^20 bytes) of the server, on Linux. */
function memory(server) {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  const read = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
