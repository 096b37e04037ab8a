import { CurioError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import type { Exposures } from '../../engine/live/exposures.js';
import type { ImpressionStates } from '../../engine/live/impressionStates.js';
import type { PersonStates } from '../../engine/live/personStates.js';
import type { RuleBooks } from '../../engine/live/ruleBooks.js';
import type { SocialStates } from '../../engine/live/socialStates.js';
import type { EntityStore, UpsertCounts } from '../../store/ports/entityStore.js';
import { checkBatch, checkId, sift } from '../checks.js';
import type { Traces } from '../privacy/traces.js';
import type { RequestLists } from '../recommendations/requestLists.js';
import type { TrendingService } from '../trending/types.js';
import { checkItem, checkUser } from './checkDrafts.js';
import type { CatalogService, UpsertReceipt } from './types.js';

export interface CatalogDeps {
  readonly entities: Pick<EntityStore, 'upsertItems' | 'upsertUsers' | 'hideItem' | 'eraseUser'>;
  readonly personStates: Pick<PersonStates, 'touch'>;
  readonly socialStates: Pick<SocialStates, 'touch'>;
  readonly impressionStates: Pick<ImpressionStates, 'forget'>;
  readonly exposures: Pick<Exposures, 'forgetAuthor'>;
  readonly ruleBooks: Pick<RuleBooks, 'touch'>;
  readonly trending: Pick<TrendingService, 'changed'>;
  readonly requestLists: Pick<RequestLists, 'forget'>;
  readonly traces: Traces;
  readonly log: Log;
}

/** Of several drafts of one id in one call the last valid one stands. */
export function createCatalogService(deps: CatalogDeps): CatalogService {
  const {
    entities,
    personStates,
    socialStates,
    impressionStates,
    exposures,
    ruleBooks,
    requestLists,
    trending,
    traces,
    log,
  } = deps;
  return {
    // Of a write that fails some may be durable all the same.
    upsertItems: (tenant, drafts, signal) =>
      upsert('items', drafts, checkItem, async (good) => {
        try {
          return await entities.upsertItems(tenant, good, signal);
        } finally {
          await trending.changed(tenant);
        }
      }),
    upsertUsers: (tenant, drafts, signal) =>
      upsert('users', drafts, checkUser, async (good) => {
        try {
          return await entities.upsertUsers(tenant, good, signal);
        } finally {
          await personStates.touch(
            tenant,
            good.map(({ id }) => id),
          );
        }
      }),
    async hideItem(tenant, id) {
      checkId('id', id);
      const item = await entities.hideItem(tenant, id);
      if (item === null) throw new CurioError('NOT_FOUND', `id names no item there is: "${id}"`, { field: 'id' });
      await trending.changed(tenant);
      return item;
    },
    async eraseUser(tenant, id) {
      checkId('id', id);
      const erased = await entities.eraseUser(tenant, id);
      // After the rows: a list made in between would be made of what is being erased. Of the counters one holds a person:
      // how often their works were shown.
      await Promise.all([
        personStates.touch(tenant, [id]),
        socialStates.touch(tenant, [id]),
        impressionStates.forget(tenant, id),
        exposures.forgetAuthor(tenant, id),
        ruleBooks.touch(tenant),
        requestLists.forget(tenant, id),
        // What fails here is done by the housekeeping: the erasure is on its list until all of it is.
        traces.forget(tenant, id).catch((error: unknown) => {
          log.error({ err: error, tenant }, 'an erasure is not complete; it is tried again');
        }),
      ]);
      return erased;
    },
  };
}

async function upsert<Draft>(
  field: string,
  drafts: readonly Draft[],
  check: (draft: Draft) => Draft,
  write: (good: readonly Draft[]) => Promise<UpsertCounts>,
): Promise<UpsertReceipt> {
  checkBatch(field, drafts);
  const { good, rejected } = sift(drafts, check);
  const counts = good.length === 0 ? { created: 0, updated: 0 } : await write(good.map(({ value }) => value));
  return { ...counts, rejected };
}
