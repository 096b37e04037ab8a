/** Short-lived values by key. What is lost here can be computed again. */
export interface Cache {
  /** Null when absent or expired. */
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Sets only when absent; answers the value that stands afterwards. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<string>;
  delete(key: string): Promise<void>;
  dispose(): Promise<void>;
}
