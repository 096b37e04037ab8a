import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { signToken } from '../../src/server/auth/token.js';
import { patience } from './patience.js';
import { sparePort } from './redisServer.js';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';
const curio = path.resolve(import.meta.dirname, '../fixtures/curio.mjs');
/** In which a list is to be made, and what it may take more on a machine that does other things: still less than any other patience. */
const DEADLINE_MS = 2_000;
const SLACK_MS = 20_000;
const REQUEST_MS = 60_000;

const answer = z.object({
  data: z.record(z.string(), z.any()).nullish(),
  errors: z.array(z.object({ message: z.string(), extensions: z.looseObject({ code: z.string() }) })).optional(),
});

/** What a caller saw of one request. */
export interface Seen {
  readonly operation: string;
  readonly status: number;
  /** The code of the first error; null for an answer. */
  readonly code: string | null;
  /** Of a list or a search. */
  readonly degraded: string | null;
  readonly ms: number;
}

export interface ChaosNode {
  readonly url: string;
  readonly dataDir: string;
  output(): string;
  run(...words: readonly string[]): Promise<string>;
  ask(query: string, variables?: object): Promise<z.infer<typeof answer> & { readonly status: number }>;
  kill(): Promise<void>;
  /** Resolves once it listens, ready or not. */
  begin(): Promise<void>;
  /** Resolves once it is ready. */
  start(): Promise<void>;
  health(route?: string): Promise<string>;
  dispose(): Promise<void>;
}

/** A process that serves a small world it has learned, on the servers of `env`. */
export async function openChaosNode(env: Readonly<Record<string, string>>, prepareEnv = env): Promise<ChaosNode> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'curio-chaos-'));
  const port = await sparePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    ...process.env,
    NODE_ENV: 'production',
    CURIO_JWT_SECRET: SECRET,
    CURIO_KEY_PREFIX: `curio-test-${randomUUID()}:`,
    CURIO_DATA_DIR: dataDir,
    CURIO_PORT: String(port),
    CURIO_LOG_LEVEL: 'warn',
    CURIO_RATE_SERVICE: '1000000000',
    CURIO_DEADLINE_MS: String(DEADLINE_MS),
    CURIO_REQUEST_TIMEOUT_MS: String(REQUEST_MS),
  };
  const token = await signToken({
    secret: SECRET,
    userId: 'tester',
    role: 'admin',
    tenant: 'default',
    expiresIn: '1d',
  });
  const children = new Set<ChildProcess>();
  let output = '';
  const begin = (given: Readonly<Record<string, string>>, words: readonly string[]) => {
    const child = spawn(process.execPath, [curio, ...words], {
      env: { ...settings, ...given },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        said += String(part);
        output += String(part);
      });
    }
    const ended = new Promise<number | null>((resolve) => {
      child.once('close', (code) => {
        children.delete(child);
        resolve(code);
      });
    });
    return { child, ended, said: () => said };
  };
  const run = async (...words: readonly string[]) => {
    const { ended, said } = begin(prepareEnv, words);
    if ((await ended) !== 0) throw new Error(`curio ${words.join(' ')} failed:\n${said()}`);
    return said();
  };
  const health = (route = '') =>
    fetch(`${url}/v1/health${route}`).then(
      async (response) => z.looseObject({ status: z.string() }).parse(await response.json()).status,
      () => 'does not answer',
    );
  let serving: ReturnType<typeof begin>;
  const node: ChaosNode = {
    url,
    dataDir,
    run,
    health,
    output: () => output,
    async ask(query, variables = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      return { ...answer.parse(await response.json()), status: response.status };
    },
    async kill() {
      serving.child.kill('SIGKILL');
      await serving.ended;
    },
    async begin() {
      serving = begin(env, ['serve']);
      await vi.waitFor(async () => expect(await health('/live')).toBe('healthy'), patience);
    },
    async start() {
      await node.begin();
      await vi.waitFor(async () => expect(await health('/ready')).toBe('healthy'), patience);
    },
    async dispose() {
      for (const child of children) child.kill('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await run('sample', '--users', '60', '--items', '80', '--seed', '3');
    await run('train');
    await node.start();
  } catch (error) {
    await node.dispose();
    throw error;
  }
  return node;
}

export interface Traffic {
  readonly seen: readonly Seen[];
  /** Ids of events that were acknowledged. */
  readonly acknowledged: readonly string[];
  /** Once each operation was answered well again since: seconds that took, for the report. */
  well(): Promise<number>;
  stop(): Promise<void>;
}

const OPERATIONS = {
  list: 'query ($user: ID!) { recommendations(userId: $user, first: 5) { degraded recommendations { item { id } } } }',
  trending: '{ trending(window: DAY, first: 5) { rank item { id } } }',
  search: '{ search(query: "cats ears", first: 5) { degraded edges { node { id } } } }',
  feedback: `mutation ($user: ID!, $event: ID!) {
    sendFeedback(input: { userId: $user, eventId: $event, target: { itemId: "lens-1" }, action: VIEW }) { eventId }
  }`,
} as const;

/** Light traffic of four kinds, one caller each, from now on. */
export function startTraffic(node: ChaosNode): Traffic {
  const seen: Seen[] = [];
  const acknowledged: string[] = [];
  let going = true;
  let turn = 0;
  const caller = async (operation: keyof typeof OPERATIONS) => {
    while (going) {
      const started = performance.now();
      const event = randomUUID();
      const variables = { user: `user-${1 + (turn++ % 60)}`, event };
      const { status, data, errors } = await node.ask(OPERATIONS[operation], variables);
      const code = errors?.[0]?.extensions.code ?? null;
      const given = data?.recommendations ?? data?.search;
      seen.push({ operation, status, code, degraded: given?.degraded ?? null, ms: performance.now() - started });
      if (operation === 'feedback' && code === null) acknowledged.push(event);
      await new Promise((wake) => setTimeout(wake, 15));
    }
  };
  const callers = (['list', 'trending', 'search', 'feedback'] as const).map(caller);
  return {
    seen,
    acknowledged,
    async well() {
      const started = performance.now();
      const from = seen.length;
      await expect
        .poll(() => {
          const whole = seen.slice(from).filter(isWhole);
          return new Set(whole.map(({ operation }) => operation)).size;
        })
        .toBe(4);
      return (performance.now() - started) / 1000;
    },
    async stop() {
      going = false;
      await Promise.all(callers);
    },
  };
}

function isWhole({ operation, status, code, degraded }: Seen): boolean {
  return status === 200 && code === null && (operation !== 'list' || degraded === 'NONE');
}

/**
 * What every failure promises: each request is answered, never by an error of ours; lists always, poorer at worst, and in
 * time; feedback that could not be kept says so.
 */
export function expectNothingBroken(seen: readonly Seen[]): void {
  expect(seen.filter(({ code }) => code !== null && code !== 'TIMEOUT')).toEqual([]);
  expect(seen.filter(({ status, code }) => status !== 200 && !(status === 503 && code === 'TIMEOUT'))).toEqual([]);
  expect(seen.filter(({ operation, code }) => operation === 'list' && code !== null)).toEqual([]);
  expect(seen.filter(({ operation, ms }) => operation === 'list' && ms > DEADLINE_MS + SLACK_MS)).toEqual([]);
}

/** Which of the acknowledged events the log lacks: none, whatever happened. */
export async function lostOf(databaseUrl: string, acknowledged: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `SELECT given.id FROM unnest($1::text[]) AS given (id)
       WHERE (SELECT count(*) FROM interactions WHERE event_id = given.id) <> 1`,
      [acknowledged],
    );
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

/** One line about a failure: what callers saw, and how long until all was well again. */
export function report(failure: string, { seen, acknowledged }: Traffic, recovery: number): void {
  const count = new Map<string, number>();
  for (const { operation, code, degraded } of seen) {
    const key = `${operation} ${code ?? degraded ?? 'answered'}`;
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  const outcomes = [...count].map(([what, times]) => `${what} ${times}`).join(', ');
  console.log(
    `${failure}: ${outcomes}; of ${acknowledged.length} acknowledged none lost; well ${recovery.toFixed(1)} s after`,
  );
}
