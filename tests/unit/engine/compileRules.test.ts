import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusinessRule } from '../../../src/domain/businessRule.js';
import { compileRules } from '../../../src/engine/rules/compile.js';
import { NOTHING_RULED } from '../../../src/engine/rules/compiled.js';
import { createRulings } from '../../../src/engine/rules/rulings.js';
import { activeRules, rule } from '../../helpers/rules.js';
import { plantSnapshot } from '../../helpers/snapshot.js';

const { snapshot, items } = plantSnapshot();
const table = snapshot.items;
const compile = (...rules: readonly BusinessRule[]) => compileRules(activeRules(...rules).rules, table);
const idsWhere = (values: ArrayLike<number> | null) => table.ids.filter((_, item) => (values?.[item] ?? 0) !== 0);

describe('compiled rules', () => {
  it('are about what their targets say', async () => {
    const about = async (target: Parameters<typeof rule>[2]) =>
      idsWhere((await compile(rule('x', { kind: 'EXCLUDE' }, target))).excludedBy);
    const plainly = (holds: (item: (typeof items)[number]) => boolean) => items.filter(holds).map(({ id }) => id);
    expect(await about({ ids: ['horror-001', 'unknown'] })).toEqual(['horror-001']);
    expect(await about({ category: ['comedy', 'no such'] })).toEqual(plainly(({ category }) => category === 'comedy'));
    expect(await about({ category: ['comedy'], kind: ['film'], authorId: ['author-1'] })).toEqual(
      plainly(({ category, kind, authorId }) => category === 'comedy' && kind === 'film' && authorId === 'author-1'),
    );
    expect(await about({ tagsAny: [' SHELF 1', 'shelf 2'], tagsAll: ['odd', 'horror'] })).toEqual(
      plainly(
        ({ tags }) =>
          (tags.includes('shelf 1') || tags.includes('shelf 2')) && tags.includes('odd') && tags.includes('horror'),
      ),
    );
    expect(await about({ ids: ['horror-001', 'comedy-001'], category: ['comedy'] })).toEqual(['comedy-001']);
    expect(await about({ category: ['no such'] })).toEqual([]);
  });

  it('add boosts up, within bounds', async () => {
    const lift = async (...weights: readonly number[]) => {
      const rules = weights.map((weight, n) => rule(`${n}`, { kind: 'BOOST', weight }, { ids: ['horror-001'] }));
      return Math.exp((await compile(...rules)).lifts?.[table.indexOf('horror-001')] ?? 0);
    };
    expect(await lift(2, 3)).toBeCloseTo(6, 4);
    expect(await lift(4, 0.25)).toBeCloseTo(1, 4);
    expect(await lift(100, 100)).toBeCloseTo(1_000, 2);
  });

  it('let the larger priority decide between a boost and a burial, and the burial when they are equal', async () => {
    const meet = async (boost: number, bury: number) => {
      const { lifts, buriedBy } = await compile(
        rule('up', { kind: 'BOOST', weight: 2, priority: boost }, { category: ['horror'] }),
        rule('down', { kind: 'BURY', priority: bury }, { ids: ['horror-001'] }),
      );
      const item = table.indexOf('horror-001');
      return [Math.exp(lifts?.[item] ?? 0), buriedBy?.[item]];
    };
    expect(await meet(0, 0)).toEqual([1, 1]);
    expect(await meet(0, 1)).toEqual([1, 1]);
    expect((await meet(1, 0)).map((x) => Math.round(x ?? 0))).toEqual([2, 0]);
  });

  it('give each pin a position of its own, the larger priority first', async () => {
    const pin = (id: string, item: string, position: number, priority = 0) =>
      rule(id, { kind: 'PIN', position, priority }, { ids: [item] });
    const { pins } = await compile(
      pin('a', 'horror-001', 3),
      pin('b', 'horror-002', 3, 1),
      pin('c', 'horror-002', 0),
      pin('d', 'unknown', 0),
      pin('e', 'horror-003', 4),
    );
    expect(pins.map(({ id, position }) => [id, position])).toEqual([
      ['b', 3],
      ['a', 4],
      ['e', 5],
    ]);
  });

  it('say which rule it was', async () => {
    const { excludedBy, ids } = await compile(
      rule('first', { priority: 2 }, { ids: ['horror-001'] }),
      rule('second', { priority: 1 }, { category: ['horror'] }),
    );
    expect(ids[(excludedBy?.[table.indexOf('horror-001')] ?? 0) - 1]).toBe('first');
    expect(ids[(excludedBy?.[table.indexOf('horror-002')] ?? 0) - 1]).toBe('second');
  });

  it('keep out and bury exactly what a rule says, whatever rules meet', async () => {
    const few = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        kind: fc.constantFrom('EXCLUDE' as const, 'BURY' as const, 'BOOST' as const),
        priority: fc.integer({ min: 0, max: 2 }),
        category: fc.subarray(['horror', 'comedy', 'family'], { minLength: 1 }),
      }),
      { selector: ({ id }) => id },
    );
    await fc.assert(
      fc.asyncProperty(few, async (parts) => {
        const rules = parts.map(({ id, kind, priority, category }) =>
          rule(id, { kind, priority, weight: kind === 'BOOST' ? 2 : null }, { category }),
        );
        const { excludedBy, buriedBy, lifts } = await compile(...rules);
        table.ids.forEach((id, item) => {
          const about = (kind: string) =>
            rules.filter((one) => one.kind === kind && one.target.category.includes(id.slice(0, -4)));
          const best = (kind: string) => Math.max(-1, ...about(kind).map(({ priority }) => priority));
          const buried = best('BURY') >= 0 && best('BURY') >= best('BOOST');
          expect((excludedBy?.[item] ?? 0) > 0).toBe(about('EXCLUDE').length > 0);
          expect((buriedBy?.[item] ?? 0) > 0).toBe(buried);
          expect(Math.exp(lifts?.[item] ?? 0)).toBeCloseTo(buried ? 1 : 2 ** about('BOOST').length, 3);
        });
      }),
    );
  });
});

describe('rulings', () => {
  it('are made once for each surface that is named, and once for all others', async () => {
    const rulings = createRulings();
    const active = activeRules(rule('everywhere'), rule('here', { surfaces: ['home'] }));
    const on = (surface: string) => rulings.of(active, surface, table);
    expect((await on('home')).ids).toHaveLength(2);
    expect((await on('feed')).ids).toEqual(['everywhere']);
    expect(await on('feed')).toBe(await on('detail'));
    expect(await on('home')).toBe(await on('home'));
  });

  it('are nothing where no rule is for the surface', async () => {
    const active = activeRules(rule('here', { surfaces: ['home'] }));
    expect(createRulings().of(active, 'feed', table)).toBe(NOTHING_RULED);
  });
});
