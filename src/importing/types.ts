import type { Clock } from '../domain/clock.js';
import type { ProgressStep } from '../domain/progress.js';
import type { EntityStore } from '../store/ports/entityStore.js';
import type { EventLog } from '../store/ports/eventLog.js';

export const IMPORT_FORMATS = ['movielens', 'csv', 'jsonl', 'gorse'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportDeps {
  readonly stores: {
    readonly entities: Pick<EntityStore, 'upsertUsers' | 'upsertItems' | 'addFollows' | 'hideItem'>;
    readonly eventLog: Pick<EventLog, 'append'>;
  };
  readonly tenant: string;
  readonly clock: Clock;
  /** Called for each row that was left out. `line` is where the row starts, from 1. */
  readonly onReject: (file: string, line: number, reason: string) => void;
  readonly onProgress: (step: ProgressStep) => void;
}

/** What became of one file. Rows that only add to another file's entities are neither `created` nor `existing`. */
export interface FileCounts {
  readonly file: string;
  readonly rows: number;
  readonly created: number;
  /** Already there: a duplicate event, or an entity that was written again. */
  readonly existing: number;
  readonly rejected: number;
}

/** The import cannot go on: no folder, no required file, no required column. The message says which. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}
