/**
 * Messages to every node, this one too, each at most once: a hint to look again, never the only word of a change.
 * This process's own listeners hear a message even while the store between the nodes is away.
 */
export interface PubSub {
  /** Does not throw: what the other nodes miss because the store is away is lost. */
  publish(channel: string, message: string): Promise<void>;
  /**
   * Resolves once messages will arrive, or, while the store is away, at once: the subscription then takes hold when
   * it is back. The answer ends the subscription. A listener that throws is logged and does not disturb the others.
   */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  dispose(): Promise<void>;
}
