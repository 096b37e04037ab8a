/** One thing that was seen at a moment (epoch ms). */
export interface Sighting {
  readonly key: string;
  readonly at: number;
}

/**
 * When each key of a scope was seen last. It makes counting once possible: who counts asks how long ago the key was seen
 * before. A scope keeps the `SIGHTINGS_LIMIT` newest keys, and nothing older than `SIGHTINGS_KEPT_MS` need be remembered.
 */
export interface Sightings {
  /**
   * For each sighting, in order, when its key was seen last before it (epoch ms), and null for never; a sighting counts
   * as earlier than those after it in the list. The latest moment of each key is kept.
   * @throws StoreAway
   */
  see(scope: string, sightings: readonly Sighting[]): Promise<(number | null)[]>;
  /**
   * Forgets a scope.
   * @throws StoreAway
   */
  clear(scope: string): Promise<void>;
  dispose(): Promise<void>;
}

/** Keys of one scope: about 50 MB of them. When it is exceeded those seen longest ago go. */
export const SIGHTINGS_LIMIT = 500_000;

/** Eight days. */
export const SIGHTINGS_KEPT_MS = 8 * 86_400_000;
