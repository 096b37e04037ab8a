import { inject } from 'vitest';
import { createDataDir } from './embedded.js';
import { createDatabase } from './postgres.js';

/** Where `connectDatabase` and `openPostgres` find a database. */
export interface Place {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}

export interface DatabaseBackend {
  readonly name: string;
  /** Why there is none here; null where there is one. */
  readonly lack: string | null;
  /** A database of one's own. The embedded one is migrated, unless it is to be `empty`. */
  make(options?: { readonly empty?: boolean }): Promise<{ readonly place: Place; remove(): Promise<void> }>;
}

/** For tests that open and close their databases themselves; the others have `eachDatabase`. */
export const databaseBackends: readonly DatabaseBackend[] = [
  {
    name: 'embedded',
    lack: null,
    async make(options) {
      const { dataDir, remove } = await createDataDir(options);
      return { place: { databaseUrl: null, dataDir }, remove };
    },
  },
  {
    name: 'PostgreSQL',
    lack: inject('postgresLack'),
    async make() {
      const { url, drop } = await createDatabase();
      return { place: { databaseUrl: url, dataDir: '' }, remove: drop };
    },
  },
];
