import { randomUUID } from 'node:crypto';
import type { Log } from '../../domain/log.js';
import { createListeners } from '../listeners.js';
import type { PubSub } from '../ports/pubSub.js';
import { StoreAway } from '../ports/storeAway.js';
import type { Link } from './link.js';

/** How often the silent connection is asked whether it is still one. */
const HEARTBEAT_MS = 5_000;

export interface RedisPubSubOptions {
  readonly publisher: Link;
  /** A connection of its own: Redis takes no other commands on one that listens. Disposed of by whoever opened it. */
  readonly subscriber: Link;
  readonly prefix: string;
  readonly log: Log;
}

/**
 * Messages between nodes through Redis. This process hears its own messages at once and without Redis, so they carry
 * its name, by which it knows them when they come back.
 */
export function createRedisPubSub({ publisher, subscriber, prefix, log }: RedisPubSubOptions): PubSub {
  const self = `${randomUUID()}:`;
  const listeners = createListeners(log);
  const { redis } = subscriber;

  redis.on('message', (channel: string, message: string) => {
    if (message.startsWith(self) || !channel.startsWith(prefix)) return;
    listeners.deliver(channel.slice(prefix.length), message.slice(message.indexOf(':') + 1));
  });

  /** A new connection is the one certain way to know what it is subscribed to. */
  const renew = () => {
    if (redis.status === 'ready') redis.disconnect(true);
  };
  const resubscribe = async () => {
    const channels = listeners.channels().map((channel) => prefix + channel);
    if (channels.length > 0)
      await tolerate(
        subscriber.run(() => redis.subscribe(...channels)),
        renew,
      );
  };
  redis.on('ready', resubscribe);
  const heartbeat = setInterval(() => {
    if (redis.status === 'ready')
      void tolerate(
        subscriber.run(() => redis.ping()),
        renew,
      );
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    async publish(channel, message) {
      listeners.deliver(channel, message);
      await tolerate(publisher.run(() => publisher.redis.publish(prefix + channel, self + message)));
    },
    async subscribe(channel, listener) {
      const end = listeners.add(channel, listener);
      await tolerate(
        subscriber.run(() => redis.subscribe(prefix + channel)),
        renew,
      );
      return async () => {
        if (end())
          await tolerate(
            subscriber.run(() => redis.unsubscribe(prefix + channel)),
            renew,
          );
      };
    },
    async dispose() {
      clearInterval(heartbeat);
      redis.off('ready', resubscribe);
      listeners.clear();
    },
  };
}

async function tolerate(operation: Promise<unknown>, otherwise?: () => void): Promise<void> {
  try {
    await operation;
  } catch (error) {
    if (!(error instanceof StoreAway)) throw error;
    otherwise?.();
  }
}
