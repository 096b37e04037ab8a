/** Messages to every node, this one too, each at most once: a hint to look again, never the only word of a change. */
export interface PubSub {
  publish(channel: string, message: string): Promise<void>;
  /** Resolves once messages will arrive; the answer ends the subscription. */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  dispose(): Promise<void>;
}
