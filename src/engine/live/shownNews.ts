import { z } from 'zod';
import type { Log } from '../../domain/log.js';
import type { Glimpse } from '../../domain/shown.js';
import type { PubSub } from '../../store/ports/pubSub.js';

/** What nodes tell each other about lists that were shown. */
export interface ShownNews {
  /** In a message of its own or with others, within a fifth of a second. */
  tell(tenant: string, userId: string, list: Glimpse): void;
  /** Takes back what was not told yet, and tells the others to forget. */
  tellForgotten(tenant: string, userId: string): Promise<void>;
  dispose(): Promise<void>;
}

const CHANNEL = 'shown';
const LINGER_MS = 200;
/** Lists of one message. */
const MOST = 200;

const shownSchema = z.array(z.tuple([z.string(), z.string(), z.string(), z.number(), z.array(z.string())]));
const messageSchema = z.object({
  /** Tenant, person, request, moment, items. */
  shown: shownSchema.optional(),
  forgotten: z.tuple([z.string(), z.string()]).optional(),
});
type Shown = z.infer<typeof shownSchema>[number];

export function createShownNews(parts: {
  readonly pubSub: PubSub;
  readonly newId: () => string;
  readonly log: Log;
  /** Hear of the other nodes, not of this one. */
  shown(tenant: string, userId: string, list: Glimpse): void;
  forgotten(tenant: string, userId: string): void;
}): ShownNews {
  const { pubSub, newId, log, shown, forgotten } = parts;
  const origin = `${newId()} `;
  let waiting: Shown[] = [];
  let timer: NodeJS.Timeout | undefined;

  const publish = (message: z.input<typeof messageSchema>) => pubSub.publish(CHANNEL, origin + JSON.stringify(message));
  const send = async () => {
    clearTimeout(timer);
    timer = undefined;
    const lists = waiting;
    waiting = [];
    if (lists.length > 0) await publish({ shown: lists });
  };
  const hear = (text: string) => {
    // What this node said it knows, and need not read.
    if (text.startsWith(origin)) return;
    const message = messageSchema.parse(JSON.parse(text.slice(text.indexOf(' ') + 1)));
    for (const [tenant, userId, requestId, shownAt, itemIds] of message.shown ?? []) {
      shown(tenant, userId, { requestId, itemIds, shownAt });
    }
    if (message.forgotten !== undefined) forgotten(...message.forgotten);
  };
  const listening = pubSub.subscribe(CHANNEL, hear).catch((error: unknown) => {
    log.warn({ err: error }, 'lists that other nodes show are not heard of here; they are found in the log');
    return async () => {};
  });

  return {
    tell(tenant, userId, { requestId, shownAt, itemIds }) {
      waiting.push([tenant, userId, requestId, shownAt, [...itemIds]]);
      if (waiting.length >= MOST) void send();
      else timer ??= setTimeout(send, LINGER_MS).unref();
    },
    async tellForgotten(tenant, userId) {
      waiting = waiting.filter(([ofTenant, person]) => ofTenant !== tenant || person !== userId);
      await publish({ forgotten: [tenant, userId] });
    },
    async dispose() {
      await send();
      await (await listening)();
    },
  };
}
