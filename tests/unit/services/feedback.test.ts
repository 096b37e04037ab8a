import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/domain/clock.js';
import { CurioError } from '../../../src/domain/errors.js';
import { risingBoard } from '../../../src/engine/live/boards.js';
import type { FeedbackDraft } from '../../../src/services/feedback/types.js';
import { createWorld, request, TENANT, type World } from '../../helpers/services.js';
import { START } from '../../helpers/snapshot.js';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const like: FeedbackDraft = { userId: 'ann', action: 'LIKE', target: { itemId: 'horror-000' } };
const send = (draft: Partial<FeedbackDraft> = {}) => world.services.feedback.send(TENANT, { ...like, ...draft });
const rejection = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof CurioError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return { code: error.code, field: error.extensions.field, message: error.message };
};

describe('send', () => {
  it('stores the event as it was sent', async () => {
    const occurredAt = new Date(START - HOUR_MS);
    const receipt = await send({ action: 'RATE', value: 4.5, durationMs: 1200, occurredAt, eventId: 'mine' });
    expect(receipt).toEqual({ eventId: 'mine', duplicate: false });
    const [stored] = await world.stores.eventLog.history(TENANT, 'ann', 10, null);
    expect(stored).toMatchObject({
      eventId: 'mine',
      action: 'RATE',
      value: 4.5,
      durationMs: 1200,
      occurredAt: occurredAt.getTime(),
      target: { itemId: 'horror-000' },
    });
  });

  it('names the event and takes the present when the caller does not', async () => {
    const { eventId } = await send();
    const [stored] = await world.stores.eventLog.history(TENANT, 'ann', 10, null);
    expect(stored).toMatchObject({ eventId, occurredAt: START, value: null, durationMs: null });
  });

  it('counts an event once', async () => {
    await send({ eventId: 'e' });
    expect(await send({ eventId: 'e', action: 'SHARE' })).toEqual({ eventId: 'e', duplicate: true });
    expect(await world.stores.eventLog.history(TENANT, 'ann', 10, null)).toHaveLength(1);
    const [live] = await world.counters.get(risingBoard(TENANT), ['horror-000'], START);
    expect(live).toBeCloseTo(3);
  });

  it('tells the next list of a duplicate too: its first acknowledgement may have been lost', async () => {
    const lost = world.node({ cache: { ...world.cache, delete: async () => Promise.reject(new Error('away')) } });
    await world.services.recommendations.recommend(request('ann'), world.lookup);
    await lost.feedback.send(TENANT, { ...like, eventId: 'e' });
    await send({ eventId: 'e' });
    const list = await world.services.recommendations.recommend(request('ann', { first: 100 }), world.lookup);
    expect(list.recommendations.map(({ item }) => item.id)).not.toContain('horror-000');
  });

  it('acknowledges what is durable though neither cache nor counters can be told', async () => {
    const away = async (): Promise<never> => {
      throw new Error('away');
    };
    const services = world.node({
      cache: { ...world.cache, delete: away },
      counters: { ...world.counters, add: away },
    });
    expect(await services.feedback.send(TENANT, { ...like, eventId: 'e' })).toEqual({ eventId: 'e', duplicate: false });
  });

  it('counts only positive actions of the last hours as rising', async () => {
    await send({ action: 'VIEW' });
    await send({ action: 'SKIP' });
    await send({ action: 'RATE', value: 1 });
    await send({ occurredAt: new Date(START - 30 * DAY_MS) });
    expect(await world.counters.top(risingBoard(TENANT), 10, START)).toEqual([]);
  });

  it('follows people', async () => {
    await send({ userId: 'bob' });
    await expect(send({ action: 'FOLLOW', target: { userId: 'bob' } })).resolves.toMatchObject({ duplicate: false });
  });

  it('refuses an unknown target by name', async () => {
    expect(await rejection(send({ target: { itemId: 'nothing' } }))).toEqual({
      code: 'NOT_FOUND',
      field: 'target.itemId',
      message: 'target.itemId names no item there is: "nothing"',
    });
    expect(await rejection(send({ target: { userId: 'nobody' } }))).toMatchObject({
      code: 'NOT_FOUND',
      field: 'target.userId',
    });
  });

  it('refuses an unknown user where they are not created on the way', async () => {
    const strict = world.node({ autoUsers: false });
    expect(await rejection(strict.feedback.send(TENANT, like))).toMatchObject({ code: 'NOT_FOUND', field: 'userId' });
    await world.services.catalog.upsertUsers(TENANT, [{ id: 'ann', name: 'Ann' }]);
    await expect(strict.feedback.send(TENANT, like)).resolves.toMatchObject({ duplicate: false });
  });

  const deep = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);
  it.each<[string, string, Partial<FeedbackDraft>]>([
    ['no target', 'target', { target: {} }],
    ['two targets', 'target', { target: { itemId: 'a', userId: 'b' } }],
    ['an empty id', 'target.itemId', { target: { itemId: '' } }],
    ['a long id', 'target.itemId', { target: { itemId: 'x'.repeat(257) } }],
    ['a NUL in an id', 'target.itemId', { target: { itemId: 'a\0b' } }],
    ['half a surrogate pair', 'eventId', { eventId: 'a\ud800' }],
    ['an empty event id', 'eventId', { eventId: '' }],
    ['a newline in a request id', 'requestId', { requestId: 'a\n' }],
    ['a bad user id', 'userId', { userId: '' }],
    ['a rating without a value', 'value', { action: 'RATE' }],
    ['a rating over 5', 'value', { action: 'RATE', value: 5.1 }],
    ['a rating below 0', 'value', { action: 'RATE', value: -0.1 }],
    ['a rating that is no number', 'value', { action: 'RATE', value: Number.NaN }],
    ['an infinite value', 'value', { value: Number.POSITIVE_INFINITY }],
    ['a value no 32-bit float holds', 'value', { value: 1e300 }],
    ['a negative duration', 'durationMs', { durationMs: -1 }],
    ['a duration over a day', 'durationMs', { durationMs: DAY_MS + 1 }],
    ['a broken duration', 'durationMs', { durationMs: 1.5 }],
    ['a position before the first', 'position', { position: -1 }],
    ['a position past a small integer', 'position', { position: 32_768 }],
    ['the future', 'occurredAt', { occurredAt: new Date(START + 6 * MINUTE_MS) }],
    ['before 1970', 'occurredAt', { occurredAt: new Date(-1) }],
    ['no date', 'occurredAt', { occurredAt: new Date(Number.NaN) }],
    ['a context too large', 'context', { context: { text: 'x'.repeat(16 * 1024) } }],
    ['a context too deep', 'context', { context: deep }],
    ['a NUL in the context', 'context', { context: { list: [{ 'a\0': 1 }] } }],
    ['a follow of an item', 'target', { action: 'FOLLOW' }],
    ['a follow of oneself', 'target.userId', { action: 'UNFOLLOW', target: { userId: 'ann' } }],
    ['applying a person', 'target', { action: 'APPLY', target: { userId: 'bob' } }],
    ['rating a person', 'target', { action: 'RATE', value: 3, target: { userId: 'bob' } }],
  ])('refuses %s and names the field', async (_, field, draft) => {
    const { code, field: named, message } = await rejection(send(draft));
    expect({ code, field: named }).toEqual({ code: 'BAD_USER_INPUT', field });
    expect(message).toMatch(new RegExp(`^${field.replace('.', '\\.')} must `));
    expect(await world.stores.eventLog.history(TENANT, 'ann', 10, null)).toEqual([]);
  });

  it('accepts what is just inside', async () => {
    await send({ action: 'RATE', value: 0, position: 32_767, durationMs: DAY_MS });
    await send({ occurredAt: new Date(START + 5 * MINUTE_MS) });
    await send({ occurredAt: new Date(0), context: { text: 'x'.repeat(16 * 1024 - 11) } });
    expect(await world.stores.eventLog.history(TENANT, 'ann', 10, null)).toHaveLength(3);
  });
});

describe('sendBatch', () => {
  it('stores the good rows and says what is wrong with the others, each by its place', async () => {
    const receipt = await world.services.feedback.sendBatch(TENANT, [
      { ...like, eventId: 'a' },
      { ...like, action: 'RATE' },
      { ...like, eventId: 'a' },
      { ...like, target: { itemId: 'nothing' } },
      { ...like, eventId: 'b', target: { itemId: 'horror-001' } },
    ]);
    expect(receipt).toEqual({
      accepted: 2,
      duplicates: 1,
      rejected: [
        { index: 1, code: 'BAD_USER_INPUT', message: 'value must be 0 to 5 for RATE, got none' },
        { index: 3, code: 'NOT_FOUND', message: 'target.itemId names no item there is: "nothing"' },
      ],
    });
  });

  it('is 1 to 1,000 rows', async () => {
    const { feedback } = world.services;
    expect(await rejection(feedback.sendBatch(TENANT, []))).toMatchObject({ code: 'BAD_USER_INPUT', field: 'inputs' });
    expect((await rejection(feedback.sendBatch(TENANT, Array(1001).fill(like)))).message).toBe(
      'inputs must have 1 to 1,000 entries, got 1001',
    );
    expect(await feedback.sendBatch(TENANT, Array(1000).fill(like))).toMatchObject({ accepted: 1000 });
  });

  it('tells the next list of everyone in it', async () => {
    const { recommendations, feedback } = world.services;
    await recommendations.recommend(request('ann'), world.lookup);
    await recommendations.recommend(request('bob'), world.lookup);
    await feedback.sendBatch(TENANT, [like, { ...like, userId: 'bob' }]);
    for (const user of ['ann', 'bob']) {
      const list = await recommendations.recommend(request(user, { first: 100 }), world.lookup);
      expect(list.recommendations.map(({ item }) => item.id)).not.toContain('horror-000');
    }
  });
});
