import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
let ann: string;
beforeAll(async () => {
  server = await startServer({ env: { CURIO_RATE_POSTS: '4' } });
  ann = await server.token('user-1');
});
afterAll(() => server.close());
beforeEach(() => {
  for (const list of Object.values(server.asked)) list.length = 0;
  server.calls.length = 0;
});

const POST = 'id text likeCount commentCount likedByViewer createdAt author { id } item { id } media { type url }';

describe('feed', () => {
  it('answers posts whole, and reads each kind of entity once', async () => {
    const { data, errors } = await server.gql(
      `{ feed(first: 10) { order source pageInfo { hasNextPage endCursor } edges { cursor score reason node { ${POST} } } } }`,
      {},
      ann,
    );
    expect(errors).toBeUndefined();
    expect(data?.feed.edges).toHaveLength(10);
    expect(data?.feed.edges[2]).toMatchObject({
      cursor: 'c2',
      reason: 'Because',
      node: {
        id: 'lens-2',
        text: '',
        likeCount: 3,
        likedByViewer: false,
        author: { id: 'user-2' },
        media: { type: 'image/png', url: '/media/lens-2.png' },
      },
    });
    expect(data?.feed.edges[1].node).toMatchObject({ text: 'About lens 1', likedByViewer: true });
    expect(server.calls.map(({ read }) => read).sort()).toEqual(['items', 'users']);
    expect(server.asked.reads.map(({ read }) => read)).toEqual(['likedBy']);
    expect(server.asked.feeds).toMatchObject([
      { tenant: 'default', userId: 'user-1', first: 10, after: null, order: 'RANKED' },
    ]);
  });

  it('names people to follow only to those who follow nobody', async () => {
    const query = '{ feed(first: 1) { source people(first: 2) { user { id } reason } } }';
    expect((await server.gql(query, {}, ann)).data?.feed).toEqual({ source: 'FOLLOWED', people: [] });
    const { data } = await server.gql(query, {}, await server.token('user-9'));
    expect(data?.feed.source).toBe('RECOMMENDED');
    expect(data?.feed.people).toHaveLength(2);
  });

  it('is of oneself, unless a service asks, and bounded', async () => {
    const codeOf = async (query: string, token: string) =>
      (await server.gql(query, {}, token)).errors?.[0]?.extensions.code;
    expect(await codeOf('{ feed(userId: "user-2") { order } }', ann)).toBe('FORBIDDEN');
    expect(await codeOf('{ feed(first: 101) { order } }', ann)).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ feed { people(first: 21) { reason } } }', ann)).toBe('BAD_USER_INPUT');
    const service = await server.token(null, 'service');
    expect(await codeOf('{ feed { order } }', service)).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ feed(userId: "user-2", order: RECENT) { order } }', service)).toBeUndefined();
    expect(server.asked.feeds.at(-1)).toMatchObject({ userId: 'user-2', order: 'RECENT', first: 20 });
  });
});

describe('posts', () => {
  it('arrive as they are sent and answer where to upload', async () => {
    const query = `mutation ($input: PostInput!) { createPost(input: $input) { post { ${POST} } upload { method url headers expiresAt } } }`;
    const input = { text: 'Hello #world', media: { type: 'image/png', bytes: 12 } };
    const { data } = await server.gql(query, { input }, ann);
    expect(server.asked.created).toEqual([{ ...input, authorId: 'user-1' }]);
    expect(data?.createPost.upload).toMatchObject({
      method: 'PUT',
      url: '/media/x',
      headers: { 'content-type': 'image/png' },
    });
    expect((await server.gql(query, { input: { text: 'x' } }, ann)).data?.createPost.upload).toBeNull();
  });

  it('may be written so often a minute and no more', async () => {
    const token = await server.token('writer');
    const query = 'mutation { createPost(input: { text: "x" }) { post { id } } }';
    const codes = [];
    for (let n = 0; n < 5; n++) codes.push((await server.gql(query, {}, token)).errors?.[0]?.extensions.code);
    expect(codes).toEqual([undefined, undefined, undefined, undefined, 'RATE_LIMITED']);
  });

  it('are read, liked and commented for whom the token names', async () => {
    const { data } = await server.gql(
      `mutation { likePost(id: "lens-4") { id } unlikePost(id: "lens-4") { id }
         comment(postId: "lens-4", text: "Well!") { id text author { id } } deletePost(id: "lens-1") }`,
      {},
      ann,
    );
    expect(data).toMatchObject({ comment: { text: 'Well!', author: { id: 'user-1' } }, deletePost: true });
    expect(server.asked.acts).toEqual([
      ['like', 'user-1', 'lens-4'],
      ['unlike', 'user-1', 'lens-4'],
      ['comment', 'user-1', 'lens-4', 'Well!'],
    ]);
    const read = await server.gql(
      '{ post(id: "lens-1") { id comments(first: 1) { edges { node { text } } } } none: post(id: "x") { id } comments(postId: "lens-1") { edges { node { id } } } }',
      {},
      ann,
    );
    expect(read.data).toMatchObject({ post: { comments: { edges: [{ node: { text: 'Well!' } }] } }, none: null });
    const refused = await server.gql('mutation { likePost(id: "x") { id } }', {}, ann);
    expect(refused.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    const other = await server.gql('mutation { deletePost(id: "lens-2") }', {}, ann);
    expect(other.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
