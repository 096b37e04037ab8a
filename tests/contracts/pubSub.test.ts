import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../src/domain/log.js';
import type { PubSub } from '../../src/store/ports/pubSub.js';
import { liveAdapters } from '../helpers/liveAdapters.js';
import { patience } from '../helpers/patience.js';

describe.each(liveAdapters())('pubSub: $name', ({ lack, open, disposeAll }) => {
  const failures = vi.fn();
  let pubSub: PubSub;
  beforeAll(async () => {
    if (lack === null) pubSub = (await open({ log: { ...silentLog, error: failures } })).pubSub;
  });
  beforeEach(({ skip }) => skip(lack !== null, lack ?? undefined));
  afterAll(disposeAll);

  it('delivers each message once, in order, to every listener of the channel', async () => {
    const [channel, other] = [randomUUID(), randomUUID()];
    const heard: string[][] = [[], [], []];
    await pubSub.subscribe(channel, (message) => heard[0]?.push(message));
    await pubSub.subscribe(channel, (message) => heard[1]?.push(message));
    await pubSub.subscribe(other, (message) => heard[2]?.push(message));
    const messages = ['one', 'two: with a colon', '', 'naïve 😀'];
    for (const message of messages) await pubSub.publish(channel, message);
    await pubSub.publish(other, 'end');
    await vi.waitFor(() => expect(heard).toEqual([messages, messages, ['end']]), patience);
  });

  it('does not call a listener from within publish', async () => {
    const channel = randomUUID();
    const order: string[] = [];
    await pubSub.subscribe(channel, () => order.push('heard'));
    const published = pubSub.publish(channel, 'message');
    order.push('called');
    await published;
    await vi.waitFor(() => expect(order).toEqual(['called', 'heard']), patience);
  });

  it('ends one subscription and keeps the others', async () => {
    const channel = randomUUID();
    const heard: string[] = [];
    const listener = (message: string) => heard.push(message);
    const end = await pubSub.subscribe(channel, listener);
    await pubSub.subscribe(channel, listener);
    await end();
    await end();
    await pubSub.publish(channel, 'once');
    await vi.waitFor(() => expect(heard).toEqual(['once']), patience);
  });

  it('can subscribe again after the last listener left', async () => {
    const channel = randomUUID();
    const heard: string[] = [];
    const end = await pubSub.subscribe(channel, (message) => heard.push(`first ${message}`));
    await end();
    await pubSub.publish(channel, 'nobody listens');
    await pubSub.subscribe(channel, (message) => heard.push(`second ${message}`));
    await pubSub.publish(channel, 'hello');
    await vi.waitFor(() => expect(heard).toEqual(['second hello']), patience);
  });

  it('logs a listener that throws and calls the others', async () => {
    const channel = randomUUID();
    const heard: string[] = [];
    await pubSub.subscribe(channel, () => {
      throw new Error('broken listener');
    });
    await pubSub.subscribe(channel, (message) => heard.push(message));
    await pubSub.publish(channel, 'hello');
    await vi.waitFor(() => expect(heard).toEqual(['hello']), patience);
    expect(failures).toHaveBeenCalledWith(
      expect.objectContaining({ err: new Error('broken listener'), channel }),
      expect.any(String),
    );
  });
});

describe('pubSub: between nodes', () => {
  const redis = liveAdapters().find(({ name }) => name === 'redis');
  const lack = redis === undefined ? 'no adapter for nodes' : redis.lack;
  beforeEach(({ skip }) => skip(lack !== null, lack ?? undefined));
  afterAll(() => redis?.disposeAll());

  it('each node hears each message once', async () => {
    const nodes = await Promise.all([redis?.open(), redis?.open(), redis?.open()]);
    const channel = randomUUID();
    const heard: string[][] = nodes.map(() => []);
    await Promise.all(nodes.map((node, i) => node?.pubSub.subscribe(channel, (message) => heard[i]?.push(message))));
    await nodes[0]?.pubSub.publish(channel, 'one');
    await vi.waitFor(() => expect(heard).toEqual([['one'], ['one'], ['one']]), patience);
    await nodes[1]?.pubSub.publish(channel, 'two');
    await nodes[1]?.pubSub.publish(channel, 'three');
    const all = ['one', 'two', 'three'];
    await vi.waitFor(() => expect(heard).toEqual([all, all, all]), patience);
  });
});
