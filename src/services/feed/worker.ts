import { type Clock, HOUR_MS } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { FeedWork } from '../../store/ports/feedWork.js';
import type { MediaStore } from '../../store/ports/mediaStore.js';
import type { PubSub } from '../../store/ports/pubSub.js';
import { createBackgroundLoop } from '../backgroundLoop.js';
import { FEED_MS } from './create.js';

/** The channel that tells workers of new work: a hint, since they look for themselves too. */
export const FEED_WORK = 'feed-work';

export interface FeedWorker {
  /** Once the database is migrated. */
  start(): void;
  /** Finishes the step under way; what is left is for whoever comes next. */
  stop(): Promise<void>;
}

export interface FeedWorkerDeps {
  readonly work: FeedWork;
  readonly media: Pick<MediaStore, 'delete'>;
  readonly pubSub: Pick<PubSub, 'subscribe'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Followers in one transaction. */
  readonly batch?: number;
  /** A worker that is silent for so long is taken for dead, and its job is given to another. */
  readonly leaseMs?: number;
}

const LEASE_MS = 15_000;
const BATCH = 1_000;
const FOLLOWS = 200;
const CHANGES = 5_000;
const FILES = 20;
/** How long nothing to do is believed, when no hint comes. */
const IDLE_MS = 500;
const AFTER_FAILURE_MS = 1_000;
const TRIM_EVERY_MS = HOUR_MS;

/**
 * Delivers posts to timelines, brings the posts of newly followed people there, adds up counts, deletes the media of posts that
 * are gone, and forgets old rows. Feeds do not wait for any of it: what is not done yet is read where it stands.
 */
export function createFeedWorker(deps: FeedWorkerDeps): FeedWorker {
  const { work, media, pubSub, clock, log, batch = BATCH, leaseMs = LEASE_MS } = deps;
  let trimmedAt = Number.NEGATIVE_INFINITY;
  const deliver = async (): Promise<boolean> => {
    const job = await work.takeJob(leaseMs);
    if (job === null) return false;
    // A worker that stops gives its job back at once.
    while (await work.deliver(job, batch, loop.isStopped() ? 0 : leaseMs)) if (loop.isStopped()) break;
    return true;
  };
  const deleteMedia = async (): Promise<boolean> => {
    const keys = await work.takeDoomedMedia(FILES, leaseMs);
    const gone: string[] = [];
    for (const key of keys) {
      try {
        await media.delete(key);
        gone.push(key);
      } catch (error) {
        log.warn({ err: error, key }, 'media cannot be deleted yet');
      }
    }
    if (gone.length > 0) await work.mediaGone(gone);
    return gone.length > 0;
  };
  const trim = async (): Promise<boolean> => {
    if (Math.abs(clock() - trimmedAt) < TRIM_EVERY_MS) return false;
    trimmedAt = clock();
    await work.trim(trimmedAt - FEED_MS);
    return false;
  };
  const steps: readonly (() => Promise<boolean>)[] = [
    deliver,
    async () => (await work.backfill(FOLLOWS, clock() - FEED_MS)) > 0,
    async () => (await work.foldCounts(CHANGES)) > 0,
    deleteMedia,
    trim,
  ];

  const loop = createBackgroundLoop({
    async turn() {
      let busy = false;
      for (const step of steps) if (!loop.isStopped() && (await step())) busy = true;
      return busy ? 0 : IDLE_MS;
    },
    onFailure: (error) => log.error({ err: error }, 'work for feeds failed; it is tried again'),
    afterFailureMs: AFTER_FAILURE_MS,
  });
  const listen = () =>
    pubSub.subscribe(FEED_WORK, loop.wake).catch((error: unknown) => {
      log.warn({ err: error }, 'new work is not heard of here; it is found by looking');
      return async () => {};
    });
  let listening: Promise<() => Promise<void>> | null = null;

  return {
    start() {
      listening ??= listen();
      loop.start();
    },
    async stop() {
      await loop.stop();
      await (await listening)?.();
    },
  };
}
