// Load over HTTP: closed loop (each caller waits for its answer) and open loop (arrivals come whether or not the server
// keeps up; latency counts from the moment a request was due, so that a stall is seen by all who came during it).
import http from 'node:http';

/** `send()` posts `nextBody()` and answers `{ status, text }`. */
export function client(url, headers, sockets) {
  const { hostname, port, pathname } = new URL(url);
  const agent = new http.Agent({ keepAlive: true, maxSockets: sockets, scheduling: 'lifo' });
  const send = (body) =>
    new Promise((resolve, reject) => {
      const request = http.request(
        {
          hostname,
          port,
          path: pathname,
          method: 'POST',
          agent,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          const parts = [];
          response.on('data', (part) => parts.push(part));
          response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  return { send, close: () => agent.destroy() };
}

export async function closedLoop({ send, nextBody, callers, seconds, check }) {
  const tally = createTally(check);
  const until = performance.now() + seconds * 1000;
  const caller = async () => {
    while (performance.now() < until) {
      const started = performance.now();
      tally.add(await send(nextBody()).catch(failed), performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  return tally.result((performance.now() - started) / 1000);
}

/** Poisson arrivals at `rate` a second; `random` is seeded. */
export async function openLoop({ send, nextBody, rate, seconds, random, check }) {
  const tally = createTally(check);
  const started = performance.now();
  const pending = new Set();
  let due = started;
  for (;;) {
    due += (-Math.log(1 - random()) / rate) * 1000;
    if (due - started > seconds * 1000) break;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait - 0.5));
    const at = due;
    const one = send(nextBody())
      .catch(failed)
      .then((answer) => {
        tally.add(answer, performance.now() - at);
        pending.delete(one);
      });
    pending.add(one);
  }
  await Promise.all(pending);
  return tally.result((performance.now() - started) / 1000);
}

const failed = (error) => ({ status: 0, text: error.message });

function createTally(check) {
  const latencies = [];
  const outcomes = new Map();
  return {
    add(answer, ms) {
      const outcome = check(answer);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      latencies.push(ms);
    },
    result(seconds) {
      latencies.sort((a, b) => a - b);
      const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? 0;
      return {
        requests: latencies.length,
        rate: latencies.length / seconds,
        p50: at(0.5),
        p99: at(0.99),
        worst: latencies.at(-1) ?? 0,
        outcomes: Object.fromEntries(outcomes),
      };
    },
  };
}
