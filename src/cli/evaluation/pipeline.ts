import { NO_DEADLINE } from '../../domain/deadline.js';
import { silentLog } from '../../domain/log.js';
import { NO_CHANCE } from '../../engine/chance.js';
import { createExposures } from '../../engine/live/exposures.js';
import { NO_IMPRESSIONS } from '../../engine/live/impressions.js';
import { NO_RULES } from '../../engine/live/ruleBooks.js';
import { createRecommender } from '../../engine/recommender.js';
import { createRulings } from '../../engine/rules/rulings.js';
import type { RankingModel } from '../../learning/evaluation/models/model.js';
import type { Snapshot } from '../../registry/snapshot.js';
import { createLookups } from '../../retrieval/lookups.js';
import { createMemoryCounters } from '../../store/memory/counters.js';
import { createExactIndex } from '../../store/vector/exact.js';

/** As many of a person's newest events as serving reads. */
const EVENT_LIMIT = 10_000;

/**
 * The whole served pipeline as a model to be judged: the recommender that answers requests, with nothing rising,
 * without diversity, and with nothing left to chance.
 * @throws when a component fails, where serving would go on without it.
 */
export function servedPipeline(snapshot: Snapshot): RankingModel {
  const counters = createMemoryCounters();
  const recommender = createRecommender({
    lookups: createLookups(createExactIndex),
    rulings: createRulings(),
    counters,
    shownLog: { record() {} },
    impressionStates: { note() {} },
    exposures: createExposures({ counters, clock: () => 0, log: silentLog }),
  });
  return {
    name: 'full',
    async rank({ events, facts, now }, depth) {
      const { items, byHeuristic, dropped } = await recommender.recommend({
        snapshot,
        events: events.slice(0, EVENT_LIMIT),
        impressions: NO_IMPRESSIONS,
        facts,
        surface: 'home',
        context: null,
        filter: null,
        excludeSeen: true,
        excludeIds: [],
        rules: NO_RULES,
        chance: NO_CHANCE,
        diversity: 0,
        first: depth,
        count: depth,
        now,
        deadline: NO_DEADLINE,
      });
      if (dropped.length > 0) throw new Error(`the pipeline ran without ${dropped.join(', ')}`);
      return {
        items: Int32Array.from(items, ({ itemId }) => snapshot.items.indexOf(itemId)),
        probabilities: byHeuristic ? null : Float32Array.from(items, ({ score }) => score),
      };
    },
  };
}
