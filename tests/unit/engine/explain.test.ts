import { describe, expect, it } from 'vitest';
import type { ItemEvent } from '../../../src/domain/events.js';
import { featureEffects } from '../../../src/engine/explain/effects.js';
import { becauseOf, reasonsFor } from '../../../src/engine/explain/reason.js';
import { readPerson } from '../../../src/engine/person.js';
import { logistic } from '../../../src/engine/scorers/logistic.js';
import { matrixOf } from '../../../src/engine/scorers/rank.js';
import { plantSnapshot, START } from '../../helpers/snapshot.js';

const { snapshot } = plantSnapshot();
const liked = (itemId: string, action: ItemEvent['action'] = 'LIKE') => ({
  itemId,
  action,
  value: null,
  occurredAt: START,
});
const reasonOf = (events: readonly ItemEvent[], itemId: string, effects: readonly [string, number][], rising = false) =>
  reasonsFor(snapshot, readPerson(events, snapshot))(
    snapshot.items.indexOf(itemId),
    effects.map(([feature, effect]) => ({ feature, effect, value: 1 })),
    rising,
  );

describe('the effects of features', () => {
  it('are exact for a linear ranker, largest first, without those that are 0', async () => {
    const weights = [2, -3, 0.5];
    const ranker = {
      features: ['a', 'b', 'c'],
      score: async (matrix: Float32Array, rows: number) =>
        Float32Array.from({ length: rows }, (_, row) =>
          logistic(weights.reduce((sum, weight, k) => sum + weight * (matrix[row * 3 + k] ?? 0), -1)),
        ),
    };
    const columns = new Map([
      ['a', Float32Array.of(1, 0)],
      ['b', Float32Array.of(0.5, 0)],
      ['c', Float32Array.of(1, 2)],
    ]);
    const shown = { items: Int32Array.of(4, 5), sources: [], columns };
    const effects = await featureEffects(ranker, matrixOf(ranker, shown));
    expect(effects.map((row) => row.map(({ feature }) => feature))).toEqual([['a', 'b', 'c'], ['c']]);
    expect(effects[0]?.map(({ effect }) => Math.round(effect * 1e3) / 1e3)).toEqual([2, -1.5, 0.5]);
    expect(effects[1]?.[0]).toMatchObject({ value: 2 });
    expect(effects[1]?.[0]?.effect).toBeCloseTo(1, 3);
  });

  it('name the column a ranker wants and nobody computes', () => {
    const ranker = { features: ['x'], score: async () => new Float32Array(1) };
    const shown = { items: Int32Array.of(0), sources: [], columns: new Map() };
    expect(() => matrixOf(ranker, shown)).toThrow('the ranker wants the feature "x"');
  });
});

describe('a reason', () => {
  it('names the newest liked item that goes with it', () => {
    const events = [liked('horror-010'), liked('horror-004'), liked('comedy-005')];
    const { because } = reasonOf(events, 'horror-005', [['neighbours', 1]]);
    expect(because).toEqual({ itemId: 'horror-004', liked: true });
    expect(becauseOf('The Shining', { liked: true })).toBe('Because you liked The Shining');
  });

  it('falls back on the closest factors, and says so when it was only a look', () => {
    const { because } = reasonOf([liked('horror-019', 'VIEW')], 'horror-000', [['collaborative', 1]]);
    expect(because).toEqual({ itemId: 'horror-019', liked: false });
    expect(becauseOf('The Shining', { liked: false })).toBe('Because you looked at The Shining');
  });

  it('stands alone when nothing liked is close', () => {
    expect(reasonOf([liked('comedy-000')], 'horror-000', [['collaborative', 1]])).toEqual({
      text: 'People with a taste like yours took to it',
      because: null,
    });
  });

  it('names the tags that are liked', () => {
    expect(
      reasonOf([liked('horror-000')], 'horror-010', [
        ['popularity', 3],
        ['tag_affinity', 1],
      ]).text,
    ).toMatch(/^Shares tags you like: .*horror/);
  });

  it('names the category', () => {
    expect(reasonOf([liked('horror-000')], 'horror-010', [['category_affinity', 1]]).text).toBe(
      'Because you like horror',
    );
  });

  it.each<[string, readonly [string, number][], boolean, string]>([
    ['popularity', [['popularity', 2]], false, 'Popular right now'],
    ['the moment', [['popularity', 2]], true, 'Rising right now'],
    [
      'newness',
      [
        ['freshness', 2],
        ['popularity', 1],
      ],
      false,
      'It is new',
    ],
    ['a feature it does not know', [['something new', 2]], false, 'Picked for you'],
    ['nothing', [], false, 'Popular right now'],
    [
      'evidence that is too weak',
      [
        ['neighbours', 0.01],
        ['popularity', 0.01],
      ],
      false,
      'Popular right now',
    ],
  ])('for a stranger is %s', (_, effects, rising, text) => {
    expect(reasonOf([], 'horror-000', effects, rising)).toEqual({ text, because: null });
  });
});
