import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import { seededRandom } from '../domain/random.js';
import { createLiveClient, LiveError } from './liveClient.js';
import { takeTurn } from './liveTurn.js';
import { createSampler, pickSome } from './pick.js';
import { type Attraction, createTasteModel } from './taste.js';
import type { World } from './world.js';

const LIST_LENGTH = 10;
const PLAYERS = 4;
const REPORT_MS = 5_000;
const RISING_MS = 150_000;
const RISING_ITEMS = 3;
const RETRY_MS = 1_000;
/** Refusals that waiting does not cure. */
const FATAL = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'HTTP_404']);

/** What happened since the report before. */
export interface PlayReport {
  readonly seconds: number;
  readonly events: number;
  readonly lists: number;
  /** Share of the recommended items looked at that were enjoyed; NaN when none was looked at. */
  readonly clickThrough: number;
  /** Median milliseconds from asking for a list to having it; NaN without lists. */
  readonly listMs: number;
  readonly rejected: number;
  readonly failures: number;
  /** Ids of the items going viral. */
  readonly rising: readonly string[];
}

export interface PlayOptions {
  /** Of the server, for example `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Of a service or an admin. */
  readonly token: string;
  /** Events a second, over all people. */
  readonly rate: number;
  readonly seed: number;
  /** The world the server was loaded with: tastes follow from its seed and the ids. */
  readonly world: Pick<World, 'seed' | 'people' | 'items'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onReport: (report: PlayReport) => void;
  /** @default 5000 */
  readonly reportEveryMs?: number;
}

/**
 * Plays people against a running server until `signal` ends it: someone asks for a list, acts on it as their taste
 * says, finds something by themselves now and then, and now and then an item goes viral for some minutes.
 * @throws Error when no server answers at first, or it refuses for good.
 */
export async function playPeople(options: PlayOptions): Promise<void> {
  const { url, token, rate, world, clock, onReport } = options;
  // Also ends the other players when one of them fails for good.
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const client = createLiveClient({ url, token });
  const random = seededRandom(options.seed);
  const tastes = createTasteModel(world.seed);
  const catalogue = world.items.map(
    ({ id, category, tags }): Attraction => ({ id, category: category ?? null, tags: tags ?? [] }),
  );
  const samplePerson = createSampler(world.people.map(({ taste }) => taste.activity));
  let rising: Attraction[] = [];
  let risingUntil = 0;
  let window = emptyWindow();
  let answered = false;
  /** When the next turn may begin; a pause of the server is not caught up with. */
  let due = performance.now();

  async function turn(): Promise<void> {
    const person = world.people[samplePerson(random)];
    if (person === undefined) return;
    if (clock() >= risingUntil) {
      rising = pickSome(random, catalogue, RISING_ITEMS);
      risingUntil = clock() + RISING_MS;
    }
    const asked = performance.now();
    const list = await client.recommend(person.id, LIST_LENGTH, new Date(clock()).getUTCHours());
    answered = true;
    window.listMs.push(performance.now() - asked);
    const { feedback, looked, enjoyed } = takeTurn({ random, tastes, person, list, items: catalogue, rising });
    window.looked += looked;
    window.enjoyed += enjoyed;
    due = Math.max(due, performance.now() - RETRY_MS) + (1000 * feedback.length) / rate;
    if (feedback.length === 0) return;
    const { accepted, rejected } = await client.send(feedback);
    window.events += accepted;
    window.rejected += rejected.length;
  }

  async function player(): Promise<void> {
    while (!signal.aborted) {
      await rest(due - performance.now(), signal);
      try {
        if (!signal.aborted) await turn();
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof LiveError && FATAL.has(error.code)) throw error;
        if (!answered && !(error instanceof LiveError))
          throw new Error(`No server answers at ${url} (\`npm start\` starts one)`, { cause: error });
        window.failures++;
        await rest((error instanceof LiveError ? error.retryAfterMs : null) ?? RETRY_MS, signal);
      }
    }
  }

  let reportedAt = performance.now();
  const report = () => {
    const seconds = (performance.now() - reportedAt) / 1000;
    reportedAt = performance.now();
    const { looked, enjoyed, listMs, events, rejected, failures } = window;
    const middle = listMs.sort((a, b) => a - b)[listMs.length >> 1] ?? Number.NaN;
    const ids = rising.map(({ id }) => id);
    window = emptyWindow();
    const clickThrough = enjoyed / looked;
    onReport({ seconds, events, lists: listMs.length, clickThrough, listMs: middle, rejected, failures, rising: ids });
  };
  const timer = setInterval(report, options.reportEveryMs ?? REPORT_MS);
  try {
    await Promise.all(Array.from({ length: PLAYERS }, player));
  } finally {
    failed.abort();
    clearInterval(timer);
  }
  report();
}

function emptyWindow() {
  return { events: 0, looked: 0, enjoyed: 0, rejected: 0, failures: 0, listMs: Array.of<number>() };
}

/** Waits, but not beyond the end. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
}
