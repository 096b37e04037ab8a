import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
let ann: string;
beforeAll(async () => {
  server = await startServer();
  ann = await server.token('user-1');
});
afterAll(() => server.close());

describe.each([
  ['follow', 'FOLLOW'],
  ['unfollow', 'UNFOLLOW'],
  ['block', 'BLOCK'],
  ['unblock', 'UNBLOCK'],
])('%s', (field, action) => {
  it('is an event of the log, by whoever the token names', async () => {
    const { data } = await server.gql(`mutation { ${field}(id: "user-2") }`, {}, ann);
    expect(data).toEqual({ [field]: true });
    expect(server.received.feedback.at(-1)).toEqual({
      tenant: 'default',
      userId: 'user-1',
      action,
      target: { userId: 'user-2' },
    });
  });

  it('is for oneself, unless a service asks', async () => {
    const query = `mutation { ${field}(id: "user-2", userId: "user-3") }`;
    expect((await server.gql(query, {}, ann)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await server.gql(query, {}, await server.token(null, 'service'))).data).toEqual({ [field]: true });
    expect(server.received.feedback.at(-1)).toMatchObject({ userId: 'user-3', action });
  });

  it('refuses oneself, and an id that is none', async () => {
    const before = server.received.feedback.length;
    for (const id of ['user-1', '']) {
      const { errors } = await server.gql(`mutation ($id: ID!) { ${field}(id: $id) }`, { id }, ann);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'id' });
    }
    expect(server.received.feedback).toHaveLength(before);
  });
});
