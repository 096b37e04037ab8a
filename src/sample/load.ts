import { type Clock, MINUTE_MS } from '../domain/clock.js';
import type { Progress } from '../domain/progress.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { EventLog } from '../store/ports/eventLog.js';
import type { PostStore } from '../store/ports/postStore.js';
import type { WorldEvent } from './history.js';
import { personId, personOf } from './people.js';
import type { SamplePost } from './posts.js';
import { generateWorld, type World } from './world.js';

/** Small enough for a quick first start, large enough for taste to be learned. */
export const SAMPLE_DEFAULTS = { users: 1_200, items: 1_000, seed: 1 } as const;

const ENTITY_BATCH = 1_000;
const EVENT_BATCH = 8_000;
/** No author of the sample world has as many followers. */
const FAN_OUT_LIMIT = 10_000;

export interface LoadSampleOptions {
  readonly stores: {
    readonly entities: Pick<EntityStore, 'users' | 'items' | 'upsertUsers' | 'upsertItems' | 'addFollows'>;
    readonly eventLog: Pick<EventLog, 'append'>;
    readonly posts: Pick<PostStore, 'create' | 'like'>;
  };
  readonly tenant: string;
  readonly users: number;
  readonly items: number;
  /** @default SAMPLE_DEFAULTS.seed */
  readonly seed?: number;
  readonly clock: Clock;
  readonly progress: Progress;
}

export interface LoadedSample {
  readonly users: number;
  readonly items: number;
  readonly follows: number;
  readonly posts: number;
  /** Events that were not there before. */
  readonly events: number;
}

/**
 * Generates the sample world and writes it. Dates are counted back from the present, or, where the world of this seed
 * was loaded before, from the moment of that time: loading it again changes nothing.
 */
export async function loadSample(options: LoadSampleOptions): Promise<LoadedSample> {
  const { stores, tenant, users, items, seed = SAMPLE_DEFAULTS.seed, progress } = options;
  const { entities, eventLog } = stores;
  try {
    progress.update({ stage: 'imagine people and lenses' });
    const world = generateWorld({ users, items, seed, now: await momentOf(options, seed) });
    for (const batch of batches(world.people, ENTITY_BATCH)) {
      await entities.upsertUsers(
        tenant,
        batch.map(({ draft }) => draft),
      );
    }
    progress.update({ stage: 'lenses' });
    for (const batch of batches(world.items, ENTITY_BATCH)) await entities.upsertItems(tenant, batch);
    progress.update({ stage: 'follows' });
    for (const batch of batches(world.follows, ENTITY_BATCH)) await entities.addFollows(tenant, batch);
    progress.update({ stage: 'posts' });
    await writePosts(options, world.posts);

    let done = 0;
    let stored = 0;
    for (const batch of batches<WorldEvent>(everything(world), EVENT_BATCH)) {
      const events = batch.map((event) => ({ tenant, ...event }));
      const outcomes = await eventLog.append(events, { createMissing: 'nothing' });
      stored += outcomes.filter((outcome) => outcome === 'stored').length;
      done += events.length;
      progress.update({ stage: 'history', done, unit: 'events' });
    }
    const follows = world.follows.length;
    const posts = world.posts.length;
    progress.done(`${users} people, ${items} lenses, ${follows} follows, ${posts} posts, ${stored} new events`);
    return { users, items, follows, posts, events: stored };
  } catch (error) {
    progress.failed();
    throw error;
  }
}

/** Those that are not there yet. */
async function writePosts({ stores, tenant }: LoadSampleOptions, posts: readonly SamplePost[]): Promise<void> {
  const ids = posts.map(({ draft }) => draft.id);
  const known = await stores.entities.items(tenant, ids);
  const missing = posts.filter((_, at) => known[at] === null);
  for (const { draft, likes } of missing) {
    await stores.posts.create(tenant, draft, { createAuthor: false, fanOutLimit: FAN_OUT_LIMIT });
    for (const { userId, at } of likes) await stores.posts.like(tenant, draft.id, userId, new Date(at));
  }
}

function* everything(world: World): Generator<WorldEvent> {
  yield* world.history();
  yield* world.lately();
}

/** The moment that dates are counted back from: read off the first person, if they are the one this seed makes. */
async function momentOf({ stores, tenant, clock }: LoadSampleOptions, seed: number): Promise<number> {
  const now = Math.floor(clock() / MINUTE_MS) * MINUTE_MS;
  const [stored] = await stores.entities.users(tenant, [personId(0)]);
  const { draft } = personOf(seed, personId(0), now);
  if (stored?.name !== draft.name || stored.bio !== draft.bio || draft.createdAt === undefined) return now;
  return now + stored.createdAt.getTime() - draft.createdAt.getTime();
}

function* batches<T>(rows: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
