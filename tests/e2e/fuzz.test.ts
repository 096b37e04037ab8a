import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildSchema } from '../../src/graphql/schema.js';
import { type Curio, openCurio, type RunningServer } from '../helpers/curio.js';
import { environments } from '../helpers/environments.js';
import { hostileOperation } from '../helpers/hostileOperation.js';

/** `npm run fuzz` asks for more. */
const OPERATIONS = Number(process.env.CURIO_FUZZ_OPERATIONS ?? '1500');
const SEED = Number(process.env.CURIO_FUZZ_SEED ?? '1');
const AT_ONCE = 12;
/** No answer by then is a hang. The server's own deadline stands behind it, so that it cannot hide one. */
const HANG_MS = 120_000;

const answer = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string(), extensions: z.looseObject({ code: z.string() }) })).optional(),
});

describe('hostile operations', () => {
  let curio: Curio;
  let server: RunningServer;
  let disposeEnvironment = async () => {};
  const tokens: string[] = [];
  beforeAll(async () => {
    // On PostgreSQL and Redis where they are: they are ready sooner than an embedded database.
    const environment = await environments().at(-1)?.open();
    if (environment === undefined) throw new Error('there is no environment');
    disposeEnvironment = environment.dispose;
    curio = await openCurio({
      ...environment.env,
      CURIO_MAX_COST: '1000000',
      CURIO_REQUEST_TIMEOUT_MS: '600000',
      CURIO_RATE_FEEDBACK: '1000000',
      CURIO_RATE_POSTS: '1000000',
      CURIO_RATE_SEARCH: '1000000',
    });
    await curio.run('sample', '--users', '40', '--items', '60');
    await curio.run('train');
    for (const words of [
      ['--role', 'admin'],
      ['--role', 'admin'],
      ['--role', 'user'],
      ['--role', 'service'],
    ]) {
      tokens.push((await curio.run('token', '--user', 'user-1', ...words)).trim());
    }
    server = await curio.serve();
  });
  afterAll(async () => {
    await curio.dispose();
    await disposeEnvironment();
  });

  it(`${OPERATIONS} of them find no internal error and no hang`, async () => {
    const operations = fc.sample(hostileOperation(buildSchema()), { seed: SEED, numRuns: OPERATIONS });
    const failures: unknown[] = [];
    let fine = 0;
    let at = 0;
    const worker = async () => {
      for (let mine = at++; mine < operations.length && failures.length < 5; mine = at++) {
        const operation = operations[mine];
        try {
          const response = await fetch(`${server.url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[mine % tokens.length]}` },
            body: JSON.stringify(operation),
            signal: AbortSignal.timeout(HANG_MS),
          });
          const text = await response.text();
          const { errors = [] } = answer.parse(JSON.parse(text));
          if (errors.length === 0) fine++;
          // On a busy machine a breaker may open; what is refused then says so, and is no fault.
          const away = response.status === 503;
          const bad = errors.some(({ extensions: { code } }) => code === 'INTERNAL_SERVER_ERROR');
          if (bad || (response.status >= 500 && !away)) failures.push({ operation, status: response.status, errors });
          if (/node_modules|\bat .*\.[jt]s:\d+/.test(text)) failures.push({ operation, leak: text });
        } catch (error) {
          failures.push({ operation, error: String(error) });
        }
      }
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(
      failures.map((failure) => JSON.stringify(failure).slice(0, 4_000)),
      server.output(),
    ).toEqual([]);
    console.log(`${fine} of ${OPERATIONS} without any error, ${Math.round(performance.now() - started)} ms`);
    // Enough of what is asked for is answered, or the test would show nothing.
    expect(fine / OPERATIONS).toBeGreaterThan(0.1);
  }, 600_000);
});
