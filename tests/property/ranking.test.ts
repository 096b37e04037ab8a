import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action, BANISHING } from '../../src/domain/actions.js';
import type { BusinessRule } from '../../src/domain/businessRule.js';
import type { Candidates } from '../../src/domain/candidates.js';
import { NO_DEADLINE } from '../../src/domain/deadline.js';
import type { Item } from '../../src/domain/entities.js';
import type { ItemFilter } from '../../src/domain/itemFilter.js';
import { silentLog } from '../../src/domain/log.js';
import { NO_CHANCE } from '../../src/engine/chance.js';
import { sourcesOf } from '../../src/engine/explain/evidence.js';
import { createExposures } from '../../src/engine/live/exposures.js';
import { NO_IMPRESSIONS } from '../../src/engine/live/impressions.js';
import { type ActiveRules, NO_RULES } from '../../src/engine/live/ruleBooks.js';
import { readPerson } from '../../src/engine/person.js';
import type { Reranker } from '../../src/engine/pipeline/stages.js';
import type { RankingQuery } from '../../src/engine/query.js';
import { createRecommender } from '../../src/engine/recommender.js';
import { boosts } from '../../src/engine/rerankers/boosts.js';
import { burials } from '../../src/engine/rerankers/burials.js';
import { byScore } from '../../src/engine/rerankers/byScore.js';
import { caps } from '../../src/engine/rerankers/caps.js';
import { diversity } from '../../src/engine/rerankers/diversity.js';
import { fatigue } from '../../src/engine/rerankers/fatigue.js';
import { pins } from '../../src/engine/rerankers/pins.js';
import { risingNow } from '../../src/engine/rerankers/rising.js';
import { compileRules } from '../../src/engine/rules/compile.js';
import { createRulings, rulesFor } from '../../src/engine/rules/rulings.js';
import { createSimilar } from '../../src/engine/similar.js';
import { createLookups } from '../../src/retrieval/lookups.js';
import { mayShow } from '../../src/services/recommendations/entityFilter.js';
import { openMemory } from '../../src/store/memory/open.js';
import { createExactIndex } from '../../src/store/vector/exact.js';
import { queryOf } from '../helpers/query.js';
import { activeRules, rule } from '../helpers/rules.js';
import { editionWith } from '../helpers/shelf.js';
import { type Planted, plantItem, plantSnapshot, START } from '../helpers/snapshot.js';

const GROUPS = ['horror', 'comedy', 'family', 'drama'];

const asMade = fc
  .record({
    groups: fc.integer({ min: 1, max: 4 }).map((count) => GROUPS.slice(0, count)),
    itemsPerGroup: fc.integer({ min: 1, max: 40 }),
    seed: fc.integer({ min: 0, max: 1_000 }),
  })
  .map(plantSnapshot);

/** What happened to items since a version was made: some are new, some say something else, some are hidden. */
const changes = fc.array(
  fc.record({
    group: fc.constantFrom(...GROUPS, 'western'),
    place: fc.integer({ min: 0, max: 60 }),
    says: fc.constantFrom(...GROUPS),
    isHidden: fc.boolean(),
  }),
  { maxLength: 20 },
);

/** Versions as they are made, and editions of them; of their items every third is one that nobody took to. */
const planted = fc.tuple(asMade, changes).map(([made, since]): Planted => {
  if (since.length === 0) return made;
  const table = made.snapshot.items;
  const popularity = table.popularity.map((count, row) => (row % 3 === 0 ? 0 : count));
  const items = new Map(made.items.map((item) => [item.id, item]));
  const changed: Item[] = [];
  for (const { group, place, says, isHidden } of since) {
    const { id } = plantItem(group, place);
    const hiddenAt = isHidden || items.get(id)?.hiddenAt ? new Date(START) : null;
    const item = { ...plantItem(says, place + 1), id, hiddenAt };
    changed.push(item);
    items.set(id, item);
  }
  const snapshot = editionWith({ ...made.snapshot, items: { ...table, popularity } }, changed);
  return { ...made, items: [...items.values()], snapshot };
});

const itemId = fc
  .tuple(fc.constantFrom(...GROUPS, 'unknown'), fc.integer({ min: 0, max: 45 }))
  .map(([group, place]) => `${group}-${String(place).padStart(3, '0')}`);

const events = fc.array(
  fc.record({
    itemId,
    action: fc.constantFrom<Action>(...ACTIONS),
    value: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
    occurredAt: fc.constant(START),
  }),
  { maxLength: 60 },
);

const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values]));
const filter: fc.Arbitrary<ItemFilter> = fc.record({
  ids: fc.option(fc.array(itemId, { maxLength: 20 })),
  kind: some(['film', 'series', 'no such kind']),
  category: some([...GROUPS, 'no such category']),
  tagsAny: some(['even', 'Odd ', 'shelf 1', 'shelf 2', 'no such tag']),
  tagsAll: some(['even', 'HORROR', 'shelf 3']),
  authorId: some(['author-0', 'author-1', 'nobody']),
  createdAfter: fc.option(fc.integer({ min: 0, max: 40 }).map((days) => new Date(START - days * 86_400_000))),
  minPopularity: fc.option(fc.integer({ min: 0, max: 60 })),
  notIds: fc.option(fc.array(itemId, { maxLength: 5 })),
});

/** Rules of every kind, about few items and about many; ids may repeat, priorities meet. */
const target = fc.oneof(
  fc.record({ ids: fc.array(itemId, { minLength: 1, maxLength: 5 }) }),
  fc.record({ category: fc.subarray(GROUPS, { minLength: 1 }), tagsAny: fc.subarray(['even', 'Odd ', 'shelf 1']) }),
  fc.record({ kind: fc.constant(['film']), tagsAll: fc.subarray(['shelf 1', 'even'], { minLength: 1 }) }),
  fc.record({ authorId: fc.subarray(['author-0', 'author-1', 'nobody'], { minLength: 1 }) }),
);
const ruleParts = { priority: fc.integer({ min: 0, max: 2 }), surfaces: fc.subarray(['home', 'feed']) };
const rules: fc.Arbitrary<BusinessRule> = fc.oneof(
  fc
    .tuple(fc.uuid(), fc.record({ ...ruleParts, kind: fc.constantFrom('EXCLUDE' as const, 'BURY' as const) }), target)
    .map((parts) => rule(...parts)),
  fc
    .tuple(
      fc.uuid(),
      fc.record({ ...ruleParts, kind: fc.constant('BOOST' as const), weight: fc.constantFrom(0.01, 0.5, 2, 100) }),
      target,
    )
    .map((parts) => rule(...parts)),
  fc
    .tuple(
      fc.uuid(),
      fc.record({ ...ruleParts, kind: fc.constant('PIN' as const), position: fc.integer({ min: 0, max: 99 }) }),
      itemId.map((id) => ({ ids: [id] })),
    )
    .map((parts) => rule(...parts)),
);

const asked = fc.record({
  events,
  filter: fc.option(filter),
  excludeSeen: fc.boolean(),
  excludeIds: fc.array(itemId, { maxLength: 10 }),
  diversity: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  first: fc.integer({ min: 1, max: 100 }),
  count: fc.integer({ min: 1, max: 200 }),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

function engine() {
  const { counters } = openMemory({ clock: () => START });
  const lookups = createLookups(createExactIndex, createExactIndex);
  return {
    recommender: createRecommender({
      lookups,
      rulings: createRulings(),
      counters,
      shownLog: { record() {} },
      impressionStates: { note() {} },
      exposures: createExposures({ counters, clock: () => START, log: silentLog }),
    }),
    similar: createSimilar({ lookups, rulings: createRulings() }),
  };
}

const recommend = ({ snapshot }: Planted, request: Asked, rules: ActiveRules = NO_RULES) =>
  engine().recommender.recommend({
    ...request,
    deadline: NO_DEADLINE,
    impressions: NO_IMPRESSIONS,
    rules,
    chance: NO_CHANCE,
    snapshot,
    facts: null,
    surface: 'home',
    context: null,
    now: START,
  });

/** The ids that may be in a list, worked out the plain way. */
function allowed({ items, snapshot }: Planted, { events, filter, excludeSeen, excludeIds }: Asked): string[] {
  const out = new Set([
    ...excludeIds,
    ...events.filter(({ action }) => excludeSeen || BANISHING.has(action)).map(({ itemId }) => itemId),
  ]);
  return items
    .filter((item) => {
      const popular = (snapshot.items.popularity[snapshot.items.indexOf(item.id)] ?? 0) >= (filter?.minPopularity ?? 0);
      return !out.has(item.id) && mayShow(item, filter) && popular;
    })
    .map(({ id }) => id);
}

describe('recommendations of arbitrary people from arbitrary catalogues', () => {
  it('are all of what may be shown and nothing else, each once, as far as they are wanted', async () => {
    await fc.assert(
      fc.asyncProperty(planted, asked, async (world, request) => {
        const { items, evidence, total, dropped } = await recommend(world, request);
        const ids = items.map(({ itemId }) => itemId);
        const may = allowed(world, request);
        expect(dropped).toEqual([]);
        expect(new Set(ids).size).toBe(ids.length);
        expect(total).toBe(may.length);
        expect(ids).toHaveLength(Math.min(may.length, request.count));
        expect(may).toEqual(expect.arrayContaining(ids));
        expect(items.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
        expect(items.map(({ source }) => source)).toEqual(items.map((_, at) => sourcesOf(evidence, at)[0]?.source));
        expect(evidence.matrix).toHaveLength(items.length * evidence.features.length);
      }),
    );
  });

  it('are the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(planted, asked, async (world, request) => {
        expect((await recommend(world, request)).items).toEqual((await recommend(world, request)).items);
      }),
      { numRuns: 40 },
    );
  });

  it('fall by score, then rise by id, new ones behind, when diversity is 0', async () => {
    await fc.assert(
      fc.asyncProperty(planted, asked, async (world, request) => {
        const { items } = await recommend(world, { ...request, diversity: 0 });
        const rowOf = (id: string) => world.snapshot.items.indexOf(id);
        const sorted = [...items].sort((a, b) => b.score - a.score || rowOf(a.itemId) - rowOf(b.itemId));
        expect(items).toEqual(sorted);
      }),
      { numRuns: 40 },
    );
  });
});

describe('recommendations under arbitrary rules', () => {
  it('hold all that is not excluded, pinned items in their places, and buried ones behind the others', async () => {
    await fc.assert(
      fc.asyncProperty(planted, asked, fc.array(rules, { maxLength: 5 }), async (world, request, given) => {
        const active = activeRules(...given);
        const { items } = await recommend(world, { ...request, count: 200 }, active);
        const { excludedBy, buriedBy, pins } = await compileRules(rulesFor(active, 'home'), world.snapshot.items);
        const rows = items.map(({ itemId }) => world.snapshot.items.indexOf(itemId));
        const may = allowed(world, request).filter((id) => !excludedBy?.[world.snapshot.items.indexOf(id)]);
        expect(items.map(({ itemId }) => itemId).sort()).toEqual(may.sort());
        const held = pins.filter(({ item }) => rows.includes(item));
        held.forEach(({ item, position }, at) => {
          const last = rows.length - (held.length - at);
          expect(rows.indexOf(item)).toBe(Math.min(position, last));
        });
        const others = rows.filter((row) => held.every(({ item }) => item !== row)).map((row) => buriedBy?.[row] ?? 0);
        expect(others.lastIndexOf(0)).toBeLessThan(others.filter((rule) => rule === 0).length);
        for (const { itemId, rules } of items) {
          const buried = buriedBy?.[world.snapshot.items.indexOf(itemId)] ?? 0;
          if (buried === 0) expect(rules.join()).not.toContain('buried');
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('similar items of arbitrary catalogues', () => {
  it('never hold the item itself, obey the filter, and score 0 to 1, falling', async () => {
    await fc.assert(
      fc.asyncProperty(
        planted,
        itemId,
        fc.option(filter),
        fc.integer({ min: 1, max: 50 }),
        async (world, id, filter, n) => {
          const { snapshot } = world;
          const close = await engine().similar.closest(snapshot, id, n, filter, NO_RULES);
          const may = allowed(world, {
            events: [],
            filter,
            excludeSeen: true,
            excludeIds: [id],
            diversity: 0,
            first: n,
            count: n,
          });
          expect(may).toEqual(expect.arrayContaining(close.map(({ itemId }) => itemId)));
          expect(new Set(close.map(({ itemId }) => itemId)).size).toBe(close.length);
          expect(close.length).toBeLessThanOrEqual(n);
          const scores = close.map(({ score }) => score);
          expect(scores).toEqual([...scores].sort((a, b) => b - a));
          expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
        },
      ),
    );
  });
});

describe('re-rankers', () => {
  const rerankers: readonly Reranker<RankingQuery>[] = [
    risingNow,
    fatigue,
    boosts,
    byScore,
    burials,
    diversity,
    caps,
    pins,
  ];
  const lists = fc
    .tuple(planted, events, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 50 }))
    .chain(([world, events, lambda, count]) => {
      const rows = fc.shuffledSubarray([...Array(world.snapshot.items.size).keys()]);
      return rows.chain((items) =>
        fc.record({
          world: fc.constant(world),
          parts: fc
            .dictionary(fc.nat(world.items.length - 1).map(String), fc.integer({ min: 1, max: 60 }))
            .map((shown) => {
              const impressions = new Map(Object.entries(shown).map(([item, count]) => [Number(item), count]));
              const person = { ...readPerson(events, world.snapshot), impressions };
              return { person, diversity: lambda, first: count };
            }),
          rules: fc.array(rules, { maxLength: 6 }),
          items: fc.constant(Int32Array.from(items)),
          scores: floats(items.length, fc.float({ min: 0, max: 1, noNaN: true })),
          counts: floats(items.length, fc.oneof(fc.constant(Number.NaN), fc.float({ min: 0, max: 1e6, noNaN: true }))),
          order: fc.shuffledSubarray(Array.from(items.keys()), { minLength: items.length }),
        }),
      );
    });

  it.each(rerankers)('$name loses nothing, doubles nothing, and does the same each time', async (reranker) => {
    await fc.assert(
      fc.asyncProperty(lists, async ({ world: { snapshot }, parts, rules, items, scores, counts, order }) => {
        const compiled = await compileRules(activeRules(...rules).rules, snapshot.items);
        const query = queryOf(snapshot, { ...parts, rules: compiled });
        const ranks = new Int32Array(items.length);
        const candidates: Candidates = {
          items,
          sources: [{ name: 'rising', scores: counts, ranks }],
          columns: new Map(),
        };
        const before = { order: Int32Array.from(order), scores: scores.slice() };
        const after = reranker.rerank(query, candidates, before);
        expect([...after.order].sort((a, b) => a - b)).toEqual([...items.keys()]);
        expect(after.scores.every((score) => score >= 0 && score <= 1)).toBe(true);
        expect([...before.order], 'what it was given stays as it was').toEqual(order);
        expect([...before.scores]).toEqual([...scores]);
        expect(reranker.rerank(query, candidates, before)).toEqual(after);
        for (const [row, rule] of after.moved) {
          const changed =
            before.order.indexOf(row) !== after.order.indexOf(row) || before.scores[row] !== after.scores[row];
          expect(changed || /^(rising|boosted|fatigue)/.test(rule), rule).toBe(true);
        }
      }),
    );
  });
});

function floats(length: number, of: fc.Arbitrary<number>): fc.Arbitrary<Float32Array> {
  return fc.array(of, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
}
