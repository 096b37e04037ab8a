import type { Found } from '../domain/candidates.js';
import type { Setting } from '../features/setting.js';
import type { Catalogue, Taste } from '../features/taste.js';
import type { Lookups } from './lookups.js';

/** For whom candidates are looked for, and among what. */
export interface FindRequest {
  readonly taste: Taste;
  readonly catalogue: Catalogue;
  readonly setting: Setting;
  /** Item → 1 where it may not be shown, so that no quota is spent on what would be removed. */
  readonly masked: Uint8Array;
}

/**
 * One way to find candidates in the models of a snapshot, defined once: the engine's sources are made of it, and so are
 * the lists that training replays.
 */
export interface Finder {
  readonly name: string;
  /** At most so many are answered, best first. */
  readonly quota: number;
  /** False where there is nothing to look with. */
  enabled(request: FindRequest): boolean;
  /** Dense items, each once, none that may not be shown. A promise where a thread searches. */
  find(request: FindRequest, lookups: Lookups): Found | Promise<Found>;
}
