import type { Log } from '../../domain/log.js';
import { createListeners } from '../listeners.js';
import type { PubSub } from '../ports/pubSub.js';

/** Messages within this process. */
export function createMemoryPubSub({ log }: { readonly log: Log }): PubSub {
  const listeners = createListeners(log);
  return {
    async publish(channel, message) {
      listeners.deliver(channel, message);
    },
    async subscribe(channel, listener) {
      const end = listeners.add(channel, listener);
      return async () => {
        end();
      };
    },
    async dispose() {
      listeners.clear();
    },
  };
}
