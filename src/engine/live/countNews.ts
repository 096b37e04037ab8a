import { z } from 'zod';
import type { Log } from '../../domain/log.js';
import type { PubSub } from '../../store/ports/pubSub.js';

/** One event on an item as it is counted. */
export interface Counted {
  readonly itemId: string;
  /** See `worthOf`. */
  readonly worth: number;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** What nodes tell each other about events that are stored. */
export interface CountNews {
  /** In a message with others, within a fifth of a second. */
  tell(tenant: string, events: readonly Counted[]): void;
  /** Tells what waits, and listens no more. */
  dispose(): Promise<void>;
}

const CHANNEL = 'counted';
const LINGER_MS = 200;
/** Events of one message. */
const MOST = 500;

/** Tenant, item, worth, time. */
const messageSchema = z.array(z.tuple([z.string(), z.string(), z.number(), z.number()]));
type Told = z.infer<typeof messageSchema>[number];

export function createCountNews(parts: {
  readonly pubSub: PubSub;
  readonly newId: () => string;
  readonly log: Log;
  /** Hears of the other nodes, not of this one. */
  hear(tenant: string, event: Counted): void;
}): CountNews {
  const { pubSub, newId, log, hear } = parts;
  const origin = `${newId()} `;
  let waiting: Told[] = [];
  let timer: NodeJS.Timeout | undefined;

  const send = async () => {
    clearTimeout(timer);
    timer = undefined;
    const told = waiting;
    waiting = [];
    for (let from = 0; from < told.length; from += MOST) {
      await pubSub.publish(CHANNEL, origin + JSON.stringify(told.slice(from, from + MOST)));
    }
  };
  const listening = pubSub
    .subscribe(CHANNEL, (text) => {
      // What this node said it has counted.
      if (text.startsWith(origin)) return;
      const told = messageSchema.parse(JSON.parse(text.slice(text.indexOf(' ') + 1)));
      for (const [tenant, itemId, worth, time] of told) hear(tenant, { itemId, worth, time });
    })
    .catch((error: unknown) => {
      log.warn({ err: error }, 'events that other nodes store are not heard of here; they are found in the log');
      return async () => {};
    });

  return {
    tell(tenant, events) {
      for (const { itemId, worth, time } of events) waiting.push([tenant, itemId, worth, time]);
      if (waiting.length >= MOST) void send();
      else if (waiting.length > 0) timer ??= setTimeout(send, LINGER_MS).unref();
    },
    async dispose() {
      await send();
      await (await listening)();
    },
  };
}
