import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ChaosNode, expectNothingBroken, lostOf, openChaosNode, report, startTraffic } from '../helpers/chaos.js';
import { createDatabase, type ThrowAwayDatabase } from '../helpers/postgres.js';

const redisUrl = inject('redisUrl');
const lack = inject('postgresLack') ?? (redisUrl === null ? 'no Redis was found' : null);
const VERSION =
  '{ recommendations(userId: "user-1", first: 5) { algorithmVersion degraded reason recommendations { item { id } } } }';

describe.skipIf(lack !== null)(`the files of a model version ${lack ?? ''}`, () => {
  let database: ThrowAwayDatabase;
  let node: ChaosNode;
  let good: string;
  beforeAll(async () => {
    database = await createDatabase();
    node = await openChaosNode({ DATABASE_URL: database.url, REDIS_URL: redisUrl ?? '' });
    good = (await list()).algorithmVersion;
  });
  afterAll(async () => {
    await node?.dispose();
    await database?.drop();
  });

  const list = async () => (await node.ask(VERSION)).data?.recommendations;
  const models = async () => {
    const [tenant = ''] = await readdir(path.join(node.dataDir, 'models'));
    return path.join(node.dataDir, 'models', tenant);
  };
  const flip = async (version: string, file: string) => {
    const place = path.join(await models(), version, file);
    const bytes = await readFile(place);
    for (const at of [0, bytes.length >> 1]) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    await writeFile(place, bytes);
  };

  it('corrupted in the version that is deployed: after a restart the one before it serves', async () => {
    await node.run('train');
    await expect.poll(async () => (await list()).algorithmVersion).not.toBe(good);
    const newest: string = (await list()).algorithmVersion;
    await flip(newest, 'item-factors.f32');
    await expect.poll(list).toMatchObject({ algorithmVersion: newest, degraded: 'NONE' });

    await node.kill();
    await node.start();
    await expect.poll(list).toMatchObject({ algorithmVersion: good, degraded: 'NONE' });
    expect(node.output()).toContain('an earlier model version serves instead');
    // Neither may it be deployed again.
    await expect(node.run('deploy', newest)).rejects.toThrow(/item-factors\.f32/);
    const traffic = startTraffic(node);
    const recovery = await traffic.well();
    await traffic.stop();
    expectNothingBroken(traffic.seen);
    expect(await lostOf(database.url, traffic.acknowledged)).toEqual([]);
    report('An index of the deployed version corrupted, and the node started again', traffic, recovery);
  });

  it('missing altogether: what serves goes on, a node that starts answers what is popular and takes feedback', async () => {
    const [place, aside] = [await models(), `${await models()}-aside`];
    await rename(place, aside);
    await expect.poll(list).toMatchObject({ algorithmVersion: good, degraded: 'NONE' });
    await node.kill();
    const traffic = await node.begin().then(() => startTraffic(node));
    await expect.poll(async () => (await list()).degraded).toBe('POPULAR');
    await expect.poll(list).toMatchObject({ algorithmVersion: 'none', reason: 'There is no trained model yet' });
    expect(await node.health('/ready')).toBe('unhealthy');
    await rename(aside, place);
    const recovery = await traffic.well();
    await traffic.stop();
    expectNothingBroken(traffic.seen);
    expect(await lostOf(database.url, traffic.acknowledged)).toEqual([]);
    report('Every file of the model missing at a start', traffic, recovery);
  });
});
