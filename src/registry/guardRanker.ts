import type { Guard } from '../domain/guard.js';
import type { LoadedVersion } from './versionFolder.js';

/** A guard that is given up with what it stands before. */
export interface OwnGuard {
  readonly run: Guard;
  readonly dispose: () => void;
}

/** A version whose ranker goes through a breaker of its own: what fails with one version must not speak against the next. */
export function guardRanker(loaded: LoadedVersion, newGuard: () => OwnGuard): LoadedVersion {
  const { ranker } = loaded.snapshot;
  if (ranker === null) return loaded;
  const guard = newGuard();
  return {
    snapshot: {
      ...loaded.snapshot,
      ranker: { ...ranker, score: (matrix, rows) => guard.run(() => ranker.score(matrix, rows), 'score') },
    },
    async dispose() {
      guard.dispose();
      await loaded.dispose();
    },
  };
}
