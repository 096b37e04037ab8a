import { beforeEach, describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../../../src/telemetry/metrics.js';
import { createWorld, request, TENANT, type World } from '../../helpers/services.js';

let metrics: Metrics;
let world: World;
beforeEach(() => {
  metrics = createMetrics();
  world = createWorld();
});

const series = async (start: string) =>
  (await metrics.expose()).text.split('\n').filter((line) => line.startsWith(start));

describe('what services measure', () => {
  it('lists by surface, poverty and cache; candidates and stages of the pipeline', async () => {
    const { recommendations } = world.node({ meter: metrics.meter });
    await recommendations.recommend(request('u1'), world.lookup);
    await recommendations.recommend(request('u1'), world.lookup);
    world.snapshot = null;
    await recommendations.recommend(request('u1', { surface: 'feed' }), world.lookup);
    expect(await series('curio_lists_total')).toEqual([
      'curio_lists_total{surface="home",arm="none",degraded="HEURISTIC_RANKER",cached="false"} 1',
      'curio_lists_total{surface="home",arm="none",degraded="HEURISTIC_RANKER",cached="true"} 1',
      'curio_lists_total{surface="feed",arm="none",degraded="POPULAR",cached="false"} 1',
    ]);
    for (const stage of ['source', 'hydrator', 'filter', 'scorer', 'reranker']) {
      expect(await series(`curio_stage_duration_seconds_count{pipeline="recommendations",stage="${stage}"}`)).toEqual([
        `curio_stage_duration_seconds_count{pipeline="recommendations",stage="${stage}"} 1`,
      ]);
    }
    expect(await series('curio_candidates_count')).toEqual([
      'curio_candidates_count{pipeline="recommendations",point="found"} 1',
      'curio_candidates_count{pipeline="recommendations",point="kept"} 1',
    ]);
  });

  it('how often what was shown is taken to, by surface; how late feedback comes', async () => {
    const { recommendations, feedback } = world.node({ meter: metrics.meter });
    const list = await recommendations.recommend(request('u1', { first: 5 }), world.lookup);
    const itemId = list.recommendations[0]?.item.id ?? '';
    const occurredAt = new Date(world.now - 2_000);
    const act = (action: 'LIKE' | 'SKIP', requestId: string | null) =>
      feedback.send(TENANT, { userId: 'u1', target: { itemId }, action, requestId, occurredAt });
    await act('LIKE', list.requestId);
    await act('SKIP', list.requestId);
    await act('LIKE', 'a list of another process');
    await act('LIKE', null);
    expect(await series('curio_shown_total')).toEqual(['curio_shown_total{surface="home",arm="none"} 5']);
    expect(await series('curio_taken_total')).toEqual([
      'curio_taken_total{surface="home",arm="none"} 1',
      'curio_taken_total{surface="unknown",arm="none"} 1',
    ]);
    expect(await series('curio_feedback_events_total')).toEqual([
      'curio_feedback_events_total{action="LIKE"} 3',
      'curio_feedback_events_total{action="SKIP"} 1',
    ]);
    expect(await series('curio_feedback_lag_seconds_sum')).toEqual(['curio_feedback_lag_seconds_sum 8']);
  });
});
