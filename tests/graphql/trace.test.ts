import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const TRACE = `query ($ids: [ID!]!) {
  recommendations(userId: "ann") {
    trace(itemIds: $ids) {
      components { stage name }
      steps { stage name ms in out error }
      items { itemId position score sources rules why }
    }
  }
}`;

describe('trace', () => {
  it('tells a service how a list is made, and of the items asked about', async () => {
    const { data } = await server.gql(TRACE, { ids: ['x', 'y'] }, await server.token(null, 'service'));
    expect(data).toMatchObject({
      recommendations: {
        trace: {
          components: [{ stage: 'source', name: 'fake' }],
          steps: [{ stage: 'source', name: 'fake', ms: 0.5, in: 0, error: null }],
          items: [
            { itemId: 'x', position: null, score: null, sources: [], rules: [], why: 'no source named it' },
            { itemId: 'y' },
          ],
        },
      },
    });
  });

  it('is not for people, who get their list all the same', async () => {
    const { data, errors } = await server.gql(
      'query { recommendations { requestId trace { steps { name } } } }',
      {},
      await server.token('ann', 'user'),
    );
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    expect(data).toMatchObject({ recommendations: { trace: null } });
  });

  it('bounds how many are asked about', async () => {
    const ids = Array.from({ length: 101 }, (_, n) => `i${n}`);
    const { errors } = await server.gql(TRACE, { ids }, await server.token(null, 'service'));
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain('itemIds');
  });
});
