import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExamples } from '../../../src/graphql/examples.js';
import { SECRET, startServer, type TestServer } from '../../helpers/server.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('the playground in development', () => {
  let server: TestServer;
  let script: string;
  beforeAll(async () => {
    server = await startServer({ env: { NODE_ENV: 'development' } });
    script = await (await fetch(`${server.url}/playground.js`)).text();
  });
  afterAll(() => server.close());

  it('is served to browsers, and nothing of it comes from elsewhere', async () => {
    const response = await fetch(`${server.url}/graphql`, { headers: BROWSER });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('http');
    const page = (await response.text()).replaceAll(/<style>[\s\S]*?<\/style>/g, '');
    expect([...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual(['<script src="/playground.js">']);
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it('does not come in the way of GraphQL clients', async () => {
    for (const accept of ['*/*', 'application/json', 'application/graphql-response+json, text/html;q=0.1']) {
      const response = await fetch(`${server.url}/graphql?query={__typename}`, {
        headers: { accept, 'apollo-require-preflight': '1' },
      });
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    }
  });

  it('opens with every example, and a token that works', async () => {
    for (const { query } of readExamples()) expect(script).toContain(JSON.stringify(query));
    const token = /Bearer (ey[\w.-]+)/.exec(script)?.[1];
    const { data } = await server.gql('{ viewer { id } }', {}, token);
    expect(data).toEqual({ viewer: { id: 'user-1' } });
  });

  it('is compressed for those who take it, and not sent twice', async () => {
    const plain = await fetch(`${server.url}/playground.js`, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    const etag = plain.headers.get('etag') ?? '';
    const packed = await server.app.inject({ url: '/playground.js', headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.rawPayload.length).toBeLessThan(3_000_000);
    expect(gunzipSync(packed.rawPayload).toString()).toBe(script);
    const again = await fetch(`${server.url}/playground.js`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  it('gives the console its token', async () => {
    const response = await fetch(`${server.url}/console.json`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ token: expect.stringMatching(/^ey/) });
  });
});

describe('in production', () => {
  it('there is no playground, no token and no introspection, unless asked for', async () => {
    const server = await startServer({ env: { NODE_ENV: 'production', CURIO_JWT_SECRET: SECRET } });
    try {
      const page = await fetch(`${server.url}/graphql`, { headers: BROWSER });
      expect(page.headers.get('content-type')).toMatch(/^application\/json/);
      expect((await fetch(`${server.url}/playground.js`)).status).toBe(404);
      expect(await (await fetch(`${server.url}/console.json`)).json()).toEqual({ token: null });
      const { errors } = await server.gql('{ __schema { queryType { name } } }');
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    } finally {
      await server.close();
    }
  });

  it('there is a playground without a token when asked for', async () => {
    const env = {
      NODE_ENV: 'production',
      CURIO_JWT_SECRET: SECRET,
      CURIO_PLAYGROUND: 'true',
      CURIO_INTROSPECTION: 'true',
    };
    const server = await startServer({ env });
    try {
      expect((await fetch(`${server.url}/graphql`, { headers: BROWSER })).headers.get('content-type')).toMatch(
        /^text\/html/,
      );
      expect(await (await fetch(`${server.url}/playground.js`)).text()).not.toMatch(/Bearer ey/);
      expect((await server.gql('{ __schema { queryType { name } } }')).errors).toBeUndefined();
    } finally {
      await server.close();
    }
  });
});
