import type { Follow, ItemDraft, UserDraft } from '../domain/entities.js';
import { type Interaction, toEvent } from './event.js';
import type { FileImport } from './fileImport.js';
import type { ImportDeps } from './types.js';

type Writer<T> = Pick<FileImport<T>, 'write' | 'batchSize' | 'inFlight'>;
type Deps = Pick<ImportDeps, 'stores' | 'tenant' | 'clock'>;

/** Entities go one batch after the other, so that the last row of an id wins. */
const ENTITY_BATCH = 2_000;
const EVENT_BATCH = 10_000;
const EVENT_BATCHES_IN_FLIGHT = 3;

export function userWriter({ stores, tenant }: Deps): Writer<UserDraft> {
  return {
    write: async (batch) => (await stores.entities.upsertUsers(tenant, batch)).created,
    batchSize: ENTITY_BATCH,
    inFlight: 1,
  };
}

export function itemWriter({ stores, tenant }: Deps): Writer<ItemDraft> {
  return {
    write: async (batch) => (await stores.entities.upsertItems(tenant, batch)).created,
    batchSize: ENTITY_BATCH,
    inFlight: 1,
  };
}

export function followWriter({ stores, tenant }: Deps): Writer<Follow> {
  return {
    write: (batch) => stores.entities.addFollows(tenant, batch),
    batchSize: ENTITY_BATCH,
    inFlight: 1,
  };
}

/** People and items that the log names and nobody described are created. */
export function interactionWriter({ stores, tenant, clock }: Deps): Writer<Interaction> {
  return {
    write: async (batch) => {
      const now = clock();
      const events = batch.map((interaction) => toEvent(tenant, interaction, now));
      const outcomes = await stores.eventLog.append(events, { createMissing: 'all' });
      return outcomes.reduce((stored, outcome) => stored + (outcome === 'stored' ? 1 : 0), 0);
    },
    batchSize: EVENT_BATCH,
    inFlight: EVENT_BATCHES_IN_FLIGHT,
  };
}
