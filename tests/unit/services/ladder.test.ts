import { beforeEach, describe, expect, it } from 'vitest';
import type { Ranker } from '../../../src/registry/snapshot.js';
import { StoreAway } from '../../../src/store/ports/storeAway.js';
import { createWorld, NO_FILTER, request, type World } from '../../helpers/services.js';
import { plantSnapshot } from '../../helpers/snapshot.js';

/** Milliseconds in which a list is to be made, and what a machine that does other things may take on top. */
const DEADLINE_MS = 2_000;
const SLACK_MS = 20_000;

let world: World;
let people: number;
beforeEach(() => {
  world = createWorld();
  world.snapshot = plantSnapshot({ ranker: whole }).snapshot;
  people = 0;
});

const whole: Ranker = { features: ['freshness'], score: async (matrix, rows) => matrix.slice(0, rows) };
const never = () => new Promise<never>(() => {});
const away = async (): Promise<never> => {
  throw new StoreAway('away');
};

/** A list of somebody who had none before, from a node that knows nothing of what failed elsewhere. */
async function list(parts: { readonly isBusy?: () => boolean } = {}, lookup = world.lookup) {
  const { recommendations } = world.node({ deadlineMs: DEADLINE_MS, ...parts });
  const made = await recommendations.recommend(request(`person-${++people}`), lookup);
  expect(made.generationTimeMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
  return made;
}

const eventLog = () => world.stores.eventLog;
const entities = () => world.stores.entities;
const rules = () => world.stores.rules;

/** What fails, the rung that is left, and what the caller is told. */
const failures = [
  {
    what: 'the ranker is missing',
    fail: () => {
      world.snapshot = plantSnapshot({ ranker: null }).snapshot;
    },
    degraded: 'HEURISTIC_RANKER',
    reason: /learned ranker.*fixed formula/,
  },
  {
    what: 'the ranker throws',
    fail: () => {
      const score = async () => {
        throw new Error('ONNX Runtime: the session is gone');
      };
      world.snapshot = plantSnapshot({ ranker: { ...whole, score } }).snapshot;
    },
    degraded: 'HEURISTIC_RANKER',
    reason: /learned ranker.*fixed formula/,
  },
  {
    what: 'the ranker does not answer',
    fail: () => {
      world.snapshot = plantSnapshot({ ranker: { ...whole, score: never } }).snapshot;
    },
    degraded: 'HEURISTIC_RANKER',
    reason: /learned ranker.*fixed formula/,
  },
  {
    what: 'the history is gone: popular in this context',
    fail: () => {
      eventLog().personEvents = away;
    },
    degraded: 'POPULAR',
    reason: /^What the person did cannot be read/,
  },
  {
    what: 'the history is slow: popular in this context',
    fail: () => {
      eventLog().personEvents = never;
    },
    degraded: 'POPULAR',
    reason: /^What the person did cannot be read/,
  },
  {
    what: 'there is no model: popular',
    fail: () => {
      world.snapshot = null;
    },
    degraded: 'POPULAR',
    reason: /^There is no trained model yet$/,
  },
  {
    what: 'nothing of the catalogue can be read, and there is no model: nothing',
    fail: () => {
      world.snapshot = null;
      entities().popularItems = away;
    },
    degraded: 'EMPTY',
    reason: /failed or was late$/,
  },
  {
    what: 'the rules cannot be read: nothing, since some of it might break one',
    fail: () => {
      rules().list = away;
    },
    degraded: 'EMPTY',
    reason: /^The rules of the business cannot be read/,
  },
] as const;

describe('the ladder', () => {
  it.each(failures)('$what', async ({ fail, degraded, reason }) => {
    expect(await list()).toMatchObject({ degraded: 'NONE', reason: null });
    const [read, popular, book, snapshot] = [
      eventLog().personEvents,
      entities().popularItems,
      rules().list,
      world.snapshot,
    ];
    fail();
    const poorer = await list();
    expect(poorer).toMatchObject({ degraded, reason: expect.stringMatching(reason) });
    expect(poorer.recommendations.length > 0).toBe(degraded !== 'EMPTY');

    eventLog().personEvents = read;
    entities().popularItems = popular;
    rules().list = book;
    world.snapshot = snapshot;
    expect(await list()).toMatchObject({ degraded: 'NONE', reason: null });
  });

  it('popular while there is too much to do to rank, and says so', async () => {
    const poorer = await list({ isBusy: () => true });
    expect(poorer).toMatchObject({ degraded: 'POPULAR', reason: 'There is too much to do at the moment to rank' });
    expect(await list()).toMatchObject({ degraded: 'NONE' });
  });

  it('nothing, rather than an error, where no item can be looked up', async () => {
    const poorer = await list({}, away);
    expect(poorer).toMatchObject({ degraded: 'EMPTY', reason: expect.stringMatching(/failed or was late$/) });
    expect(await list()).toMatchObject({ degraded: 'NONE' });
  });

  it('nothing where nothing passes, and says that it is the filter', async () => {
    const { recommendations } = world.services;
    const filter = { ...NO_FILTER, category: ['no such category'] };
    expect(await recommendations.recommend(request('ann', { filter }), world.lookup)).toMatchObject({
      degraded: 'EMPTY',
      reason: expect.stringMatching(/^Nothing is left that passes the filter/),
    });
  });
});
