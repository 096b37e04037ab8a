import type { Log } from '../domain/log.js';

export type Listener = (message: string) => void;

/** Who listens to what, in this process. */
export interface Listeners {
  channels(): string[];
  /** Listens; the answer ends it, and says whether it was the channel's last. */
  add(channel: string, listener: Listener): () => boolean;
  /** Calls each listener after the current turn, so that nobody is called from within their own `publish`. */
  deliver(channel: string, message: string): void;
  clear(): void;
}

export function createListeners(log: Log): Listeners {
  // Wrapped, so that one function may listen twice and be ended once.
  const channels = new Map<string, Set<{ readonly listener: Listener }>>();
  const call = (listener: Listener, channel: string, message: string) => {
    try {
      listener(message);
    } catch (err) {
      log.error({ err, channel }, 'A listener failed');
    }
  };
  return {
    channels: () => [...channels.keys()],
    add(channel, listener) {
      const entry = { listener };
      const entries = channels.get(channel) ?? new Set();
      channels.set(channel, entries.add(entry));
      return () => {
        if (!entries.delete(entry) || entries.size > 0 || channels.get(channel) !== entries) return false;
        return channels.delete(channel);
      };
    },
    deliver(channel, message) {
      const entries = channels.get(channel);
      if (entries === undefined) return;
      queueMicrotask(() => {
        for (const { listener } of entries) call(listener, channel, message);
      });
    },
    clear() {
      for (const entries of channels.values()) entries.clear();
      channels.clear();
    },
  };
}
