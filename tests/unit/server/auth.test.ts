import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerifyApiKey } from '../../../src/server/auth/apiKey.js';
import { signToken } from '../../../src/server/auth/token.js';
import { addApiKey, gql, post, SECRET, startServer, type TestServer } from '../../helpers/server.js';

const WHO = '{ viewer { id } }';
const key = (secret: string) => new TextEncoder().encode(secret);

function sign(claims: JWTPayload, { secret = SECRET, alg = 'HS256' } = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(key(secret));
}

describe('a bearer token signed with the secret', () => {
  let server: TestServer;
  let shift = 0;
  beforeAll(async () => {
    server = await startServer({ clock: () => Date.now() + shift });
  });
  afterAll(() => server.close());

  async function refusal(token: string): Promise<string> {
    const { status, errors, data } = await gql(server.url, WHO, {}, token);
    expect(status).toBe(401);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    return errors?.[0]?.message ?? '';
  }

  it('names the user, without role or tenant', async () => {
    const { data } = await gql(server.url, WHO, {}, await sign({ sub: 'user-3' }));
    expect(data).toEqual({ viewer: { id: 'user-3' } });
  });

  it.each([
    [
      'signed with another secret',
      () => sign({ sub: 'user-1' }, { secret: 'another-secret-of-thirty-two-characters' }),
    ],
    ['signed with HS512', () => sign({ sub: 'user-1' }, { alg: 'HS512', secret: SECRET.repeat(2) })],
    ['not signed', async () => new UnsecuredJWT({ sub: 'user-1', role: 'admin' }).encode()],
    ['cut', async () => (await sign({ sub: 'user-1' })).slice(0, -5)],
    [
      'changed',
      async () =>
        (await sign({ sub: 'user-1' })).replace(
          /\.[^.]+\./,
          `.${Buffer.from('{"sub":"user-2"}').toString('base64url')}.`,
        ),
    ],
    ['with a header that is no JSON', async () => `${Buffer.from('nope').toString('base64url')}.e30.x`],
    ['of no parts', async () => 'nonsense'],
    ['of no words', async () => '..'],
  ])('%s is not valid', async (_name, make) => {
    expect(await refusal(await make())).toBe('The token is not valid');
  });

  it('that is over says so, even when it was good a moment ago', async () => {
    const token = await signToken({
      secret: SECRET,
      userId: 'user-1',
      role: 'user',
      tenant: 'default',
      expiresIn: '20s',
    });
    expect((await gql(server.url, WHO, {}, token)).errors).toBeUndefined();
    shift = 60_000;
    expect(await refusal(token)).toBe('The token has expired');
    shift = 0;
  });

  it('that is not yet valid says so', async () => {
    expect(await refusal(await sign({ sub: 'user-1', nbf: Math.floor(Date.now() / 1000) + 3600 }))).toBe(
      'The token is not valid at this time',
    );
  });

  it.each([
    ['an empty sub', { sub: '' }, 'sub'],
    ['a long sub', { sub: 'x'.repeat(257) }, 'sub'],
    ['a sub with control characters', { sub: 'a\nb' }, 'sub'],
    ['a sub that is a number', { sub: 5 }, 'sub'],
    ['an unknown role', { sub: 'a', role: 'root' }, 'role'],
    ['an empty tenant', { sub: 'a', tenant: '' }, 'tenant'],
    ['a long tenant', { sub: 'a', tenant: 'x'.repeat(257) }, 'tenant'],
    ['a tenant with control characters', { sub: 'a', tenant: 'a\u0000b' }, 'tenant'],
    ['a tenant that is a list', { sub: 'a', tenant: ['a'] }, 'tenant'],
  ])('with %s is refused by the name of the claim', async (_name, claims, name) => {
    const payload: JWTPayload = JSON.parse(JSON.stringify(claims));
    expect(await refusal(await sign(payload))).toBe(`The token has a claim that is not right: ${name}`);
  });

  it('for a user needs a sub', async () => {
    expect(await refusal(await sign({}))).toBe('The token names no one: it needs the claim sub');
    expect(await refusal(await sign({ role: 'user' }))).toMatch(/names no one/);
    expect((await gql(server.url, WHO, {}, await sign({ role: 'service', rates: {} }))).errors).toBeUndefined();
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'token'])('is not `%s`', async (authorization) => {
    const { status, errors } = await post(server.url, JSON.stringify({ query: WHO }), { authorization });
    expect(status).toBe(401);
    expect(errors?.[0]?.message).toBe('The Authorization header must be `Bearer <token>`');
  });

  it('is refused before the body is read', async () => {
    const { status } = await post(server.url, '{ broken', { authorization: 'Bearer nonsense' });
    expect(status).toBe(401);
  });

  it('never shows in the log', async () => {
    const token = await sign({ sub: 'user-1' });
    await gql(server.url, WHO, {}, token);
    expect(JSON.stringify(server.lines)).not.toContain(token.slice(0, 30));
  });

  it('of no user signs without sub', async () => {
    const token = await signToken({ secret: SECRET, userId: null, role: 'service', tenant: 'acme', expiresIn: '1h' });
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(payload).toEqual({ role: 'service', tenant: 'acme', iat: expect.any(Number), exp: expect.any(Number) });
  });
});

describe('a bearer token signed with a key of the JWKS', () => {
  let jwks: Server;
  let server: TestServer;
  let pair: CryptoKeyPair;
  let publicPem: string;
  let status = 200;

  beforeAll(async () => {
    pair = await generateKeyPair('RS256', { extractable: true });
    publicPem = await exportSPKI(pair.publicKey);
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', use: 'sig' };
    // A set that should never hold a secret, and does.
    const secretKey = { kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), kid: 'two' };
    jwks = createServer((_request, response) => {
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ keys: [jwk, secretKey] }));
    });
    await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = jwks.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const env = { NODE_ENV: 'production', CURIO_JWT_SECRET: '', CURIO_JWKS_URL: `http://127.0.0.1:${port}/` };
    server = await startServer({ env });
  });
  afterAll(async () => {
    await server.close();
    jwks.close();
  });

  const rs256 = (claims: JWTPayload, kid = 'one') =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(pair.privateKey);

  it('is believed', async () => {
    const { data } = await gql(server.url, WHO, {}, await rs256({ sub: 'user-4' }));
    expect(data).toEqual({ viewer: { id: 'user-4' } });
  });

  it.each([
    [
      'HS256 with the public key as the secret',
      () => new SignJWT({ sub: 'user-1' }).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(key(publicPem)),
    ],
    [
      'HS256 with a secret of the set',
      () => new SignJWT({ sub: 'user-1' }).setProtectedHeader({ alg: 'HS256', kid: 'two' }).sign(key(SECRET)),
    ],
    ['none', async () => new UnsecuredJWT({ sub: 'user-1' }).encode()],
    ['RS256 with an unknown key', () => rs256({ sub: 'user-1' }, 'three')],
    [
      'RS256 by someone else',
      async () =>
        new SignJWT({ sub: 'user-1' })
          .setProtectedHeader({ alg: 'RS256', kid: 'one' })
          .sign((await generateKeyPair('RS256')).privateKey),
    ],
  ])('%s is refused', async (_name, make) => {
    const { status: code, errors } = await gql(server.url, WHO, {}, await make());
    expect(code).toBe(401);
    expect(errors?.[0]?.message).toBe('The token is not valid');
  });

  it('cannot be checked while the set cannot be had, which is our trouble', async () => {
    status = 500;
    const address: AddressInfo | string | null = jwks.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const other = await startServer({
      env: { CURIO_JWT_SECRET: '', CURIO_JWKS_URL: `http://127.0.0.1:${port}/other` },
    });
    const { status: code, errors } = await gql(other.url, WHO, {}, await rs256({ sub: 'user-1' }));
    expect(code).toBe(500);
    expect(errors?.[0]?.message).toBe('Internal server error');
    await other.close();
    status = 200;
  });
});

describe('an API key', () => {
  it('is looked up by its hash, believed for 30 s, and no longer once revoked', async () => {
    let now = 1_000_000;
    const server = await startServer({ clock: () => now });
    try {
      const apiKey = await addApiKey(server.apiKeys, { tenant: 'acme', name: 'backend', role: 'service', rates: {} });
      const ask = async () => (await post(server.url, JSON.stringify({ query: WHO }), { 'x-api-key': apiKey })).status;
      expect(await ask()).toBe(200);
      const { hashApiKey } = await import('../../../src/server/auth/apiKey.js');
      await server.apiKeys.revoke(hashApiKey(apiKey));
      expect(await ask()).toBe(200);
      now += 30_000;
      expect(await ask()).toBe(401);
    } finally {
      await server.close();
    }
  });

  it.each(['wrong', '', 'x'.repeat(600)])('`%s` is refused', async (apiKey) => {
    const server = await startServer();
    try {
      const { status, errors } = await post(server.url, JSON.stringify({ query: WHO }), { 'x-api-key': apiKey });
      expect(status).toBe(401);
      expect(errors?.[0]).toMatchObject({
        message: 'The API key is not valid',
        extensions: { code: 'UNAUTHENTICATED' },
      });
    } finally {
      await server.close();
    }
  });

  it('asks the store once for many requests', async () => {
    let asked = 0;
    const verify = createVerifyApiKey({
      clock: () => 0,
      apiKeys: {
        async find() {
          asked++;
          return null;
        },
        async create() {},
        async revoke() {},
      },
    });
    for (let i = 0; i < 5; i++) await expect(verify('unknown')).rejects.toThrow('The API key is not valid');
    expect(asked).toBe(1);
  });
});
