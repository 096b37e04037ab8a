import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Curio, openCurio, type RunningServer } from '../helpers/curio.js';
import { createDatabase } from '../helpers/postgres.js';

const lack = inject('postgresLack');

describe.skipIf(lack !== null)(`serve --role ${lack ?? ''}`, () => {
  let curio: Curio;
  let drop: () => Promise<void>;
  let api: RunningServer;
  beforeAll(async () => {
    const database = await createDatabase();
    drop = database.drop;
    curio = await openCurio({ DATABASE_URL: database.url });
    await curio.run('migrate');
    api = await curio.serve('serve', '--role', 'api');
  });
  afterAll(async () => {
    await curio.dispose();
    await drop();
  });

  it('answers without a worker, and a worker answers nobody', async () => {
    await api.graphql(
      'mutation { upsertUsers(users: [{ id: "ann", name: "Ann" }, { id: "me", name: "Me" }]) { created } }',
    );
    await api.graphql('mutation { follow(id: "ann", userId: "me") }');
    const made = await api.graphql<{ createPost: { post: { id: string } } }>(
      'mutation { createPost(userId: "ann", input: { text: "Hello" }) { post { id } } }',
    );
    const { id } = made.data.createPost.post;
    const feed = async () =>
      (
        await api.graphql<{ feed: { edges: { node: { id: string } }[] } }>(
          '{ feed(userId: "me") { edges { node { id } } } }',
        )
      ).data.feed.edges.map(({ node }) => node.id);
    expect(await feed()).toEqual([id]);

    const worker = await curio.serve('serve', '--role', 'worker');
    expect((await fetch(`${worker.url}/v1/health`)).status).toBe(200);
    expect((await fetch(`${worker.url}/graphql`, { method: 'POST' })).status).toBe(404);
    expect(await feed()).toEqual([id]);
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(await feed()).toEqual([id]);
  });

  it('knows three roles', async () => {
    await expect(curio.run('serve', '--role', 'cook')).rejects.toThrow('--role must be one of all, api, worker');
  });
});
