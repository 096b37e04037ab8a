import type { Clock } from '../../domain/clock.js';
import { CurioError } from '../../domain/errors.js';
import type { FeedbackEvent } from '../../domain/events.js';
import type { Log } from '../../domain/log.js';
import { risingAmounts, risingBoard } from '../../engine/live/boards.js';
import type { Exposures } from '../../engine/live/exposures.js';
import type { PersonStates } from '../../engine/live/personStates.js';
import type { SocialStates } from '../../engine/live/socialStates.js';
import type { Counters } from '../../store/ports/counters.js';
import type { AppendOptions, AppendOutcome, EventLog } from '../../store/ports/eventLog.js';
import { checkBatch, sift } from '../checks.js';
import type { ObserveFeedback } from '../measured/feedback.js';
import type { Sessions } from '../sessions/create.js';
import type { TrendingService } from '../trending/types.js';
import { checkDraft } from './checkDraft.js';
import type { FeedbackService, RejectedRow } from './types.js';

export interface FeedbackDeps {
  readonly eventLog: Pick<EventLog, 'append'>;
  readonly sessions: Sessions;
  readonly personStates: Pick<PersonStates, 'touch'>;
  readonly socialStates: Pick<SocialStates, 'touch'>;
  readonly counters: Pick<Counters, 'add'>;
  readonly exposures: Pick<Exposures, 'tookTo'>;
  readonly observeFeedback: ObserveFeedback;
  readonly trending: Pick<TrendingService, 'note'>;
  readonly clock: Clock;
  /** Whether a first event creates its user. */
  readonly autoUsers: boolean;
  readonly newId: () => string;
  readonly log: Log;
}

export function createFeedbackService(deps: FeedbackDeps): FeedbackService {
  const { eventLog, sessions } = deps;
  const options: AppendOptions = { createMissing: deps.autoUsers ? 'users' : 'nothing' };

  const append = async (
    tenant: string,
    events: readonly FeedbackEvent[],
    address: string | null,
  ): Promise<AppendOutcome[]> => {
    const outcomes = await eventLog.append(events, options);
    await makeKnown(deps, { tenant, address }, events, outcomes);
    return outcomes;
  };

  return {
    async send(tenant, draft, address = null) {
      const event = checkDraft(tenant, draft, deps);
      await sessions.signIn(tenant, draft.sessionId ?? null, event.userId);
      const [outcome = 'stored'] = await append(tenant, [event], address);
      const refusal = refusalOf(event, outcome);
      if (refusal !== null) throw refusal;
      return { eventId: event.eventId, duplicate: outcome === 'duplicate' };
    },
    async sendBatch(tenant, drafts, address = null) {
      checkBatch('inputs', drafts);
      const { good, rejected } = sift(drafts, (draft) => checkDraft(tenant, draft, deps));
      await Promise.all(
        good.map(({ index, value }) => sessions.signIn(tenant, drafts[index]?.sessionId ?? null, value.userId)),
      );
      const outcomes =
        good.length === 0
          ? []
          : await append(
              tenant,
              good.map(({ value }) => value),
              address,
            );
      const refused: RejectedRow[] = [];
      good.forEach(({ index, value }, at) => {
        const refusal = refusalOf(value, outcomes[at] ?? 'stored');
        if (refusal !== null) refused.push({ index, code: refusal.code, message: refusal.message });
      });
      return {
        accepted: outcomes.filter((outcome) => outcome === 'stored').length,
        duplicates: outcomes.filter((outcome) => outcome === 'duplicate').length,
        rejected: [...rejected, ...refused].sort((a, b) => a.index - b.index),
      };
    },
  };
}

/**
 * Lets the next list of everyone concerned know, before the events are acknowledged. The events are durable by now:
 * whatever fails here is logged, and costs freshness but no event. A duplicate counts as news too: its first
 * acknowledgement, and with it this step, may have been lost.
 */
async function makeKnown(
  { personStates, socialStates, counters, exposures, observeFeedback, trending, clock, log }: FeedbackDeps,
  { tenant, address }: { readonly tenant: string; readonly address: string | null },
  events: readonly FeedbackEvent[],
  outcomes: readonly AppendOutcome[],
): Promise<void> {
  const durable = events.filter((_, at) => outcomes[at] === 'stored' || outcomes[at] === 'duplicate');
  // Both sides: who was blocked must not meet the other one again.
  const acts = durable.flatMap(({ userId, target }) => ('userId' in target ? [[userId, target.userId]] : []));
  const now = clock();
  const stored = events.filter((_, at) => outcomes[at] === 'stored');
  const amounts = risingAmounts(stored, now);
  exposures.tookTo(tenant, stored);
  observeFeedback(stored);
  trending.note(stored, address);
  const warn = (what: string) => (error: unknown) =>
    log.warn({ err: error, tenant }, `feedback is stored, but ${what}`);
  await Promise.all([
    durable.length > 0 &&
      personStates
        .touch(tenant, new Set(durable.map(({ userId }) => userId)))
        .catch(warn('lists made before it may be served until they expire')),
    acts.length > 0 &&
      socialStates
        .touch(tenant, new Set(acts.flat()))
        .catch(warn('lists of people made before it may be served until they expire')),
    amounts.size > 0 &&
      counters.add(risingBoard(tenant), amounts, now).catch(warn('the live counters do not know of it')),
  ]);
}

function refusalOf({ target, userId }: FeedbackEvent, outcome: AppendOutcome): CurioError | null {
  if (outcome === 'unknown_target') {
    const [field, what, id] =
      'itemId' in target ? ['target.itemId', 'item', target.itemId] : ['target.userId', 'user', target.userId];
    return new CurioError('NOT_FOUND', `${field} names no ${what} there is: "${id}"`, { field });
  }
  if (outcome === 'unknown_user') {
    return new CurioError('NOT_FOUND', `userId names no user there is: "${userId}"`, { field: 'userId' });
  }
  return null;
}
