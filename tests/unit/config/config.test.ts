import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, DEVELOPMENT_SECRET, readConfig } from '../../../src/config/config.js';

describe('readConfig', () => {
  it('needs nothing', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      production: false,
      databaseUrl: null,
      redisUrl: null,
      dataDir: path.resolve('.curio'),
      port: 4000,
      autoUsers: true,
      playground: true,
      introspection: true,
    });
    expect(config.auth.secret).toBe(DEVELOPMENT_SECRET);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ DATABASE_URL: '', CURIO_PORT: '' })).toEqual(readConfig({}));
  });

  it.each([
    ['CURIO_PORT', 'eighty'],
    ['CURIO_PORT', '70000'],
    ['DATABASE_URL', 'mysql://localhost/curio'],
    ['REDIS_URL', 'localhost:6379'],
    ['CURIO_JWT_SECRET', 'short'],
    ['CURIO_AUTO_USERS', 'yes'],
    ['CURIO_LOG_LEVEL', 'loud'],
    ['CURIO_EXPLORATION', '0.51'],
    ['CURIO_EXPLORATION', 'a lot'],
    ['CURIO_VECTOR_INDEX', 'annoy'],
    ['CURIO_VECTOR_EFFORT', '0'],
    ['CURIO_ROLE', 'both'],
    ['CURIO_FEED_FANOUT_LIMIT', '-1'],
    ['CURIO_MEDIA_URL', 'https://cdn.example/'],
    ['CURIO_MEDIA_URL', 'cdn.example'],
    ['CURIO_MEDIA_LIMIT', '10'],
    ['CURIO_S3_ENDPOINT', 's3.example'],
  ])('names %s when it is %s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(name);
  });

  it('takes a replica only beside what it is a replica of', () => {
    const replica = { DATABASE_READ_URL: 'postgresql://reader@replica/curio' };
    expect(() => readConfig(replica)).toThrow(/DATABASE_READ_URL.*DATABASE_URL/);
    const both = readConfig({ ...replica, DATABASE_URL: 'postgresql://writer@primary/curio' });
    expect(both.databaseReadUrl).toBe(replica.DATABASE_READ_URL);
  });

  it('takes all settings of a storage or none', () => {
    const all = {
      CURIO_S3_ENDPOINT: 'https://s3.example',
      CURIO_S3_BUCKET: 'posts',
      CURIO_S3_ACCESS_KEY_ID: 'a',
      CURIO_S3_SECRET_ACCESS_KEY: 'b',
    };
    expect(readConfig(all).media.s3).toEqual({
      endpoint: 'https://s3.example',
      bucket: 'posts',
      region: 'us-east-1',
      accessKeyId: 'a',
      secretAccessKey: 'b',
    });
    expect(readConfig({}).media).toEqual({ baseUrl: null, limit: 50_000_000, s3: null });
    for (const name of Object.keys(all)) expect(() => readConfig({ ...all, [name]: '' })).toThrow(name);
  });

  it('names every variable that is wrong', () => {
    expect(() => readConfig({ CURIO_PORT: 'x', NODE_ENV: 'prod' })).toThrow(/NODE_ENV[\s\S]*CURIO_PORT/);
  });

  describe('in production', () => {
    const secret = 'a secret of our own, long enough to be one';

    it.each([{}, { CURIO_JWT_SECRET: DEVELOPMENT_SECRET }])('refuses to start without a secret of its own', (env) => {
      expect(() => readConfig({ NODE_ENV: 'production', ...env })).toThrow('CURIO_JWT_SECRET');
    });

    it('takes the keys of an identity provider in its place', () => {
      const { auth } = readConfig({ NODE_ENV: 'production', CURIO_JWKS_URL: 'https://id.example/keys' });
      expect(auth).toEqual({ secret: null, jwksUrl: 'https://id.example/keys' });
    });

    it('turns the playground and introspection off unless asked for', () => {
      const env = { NODE_ENV: 'production', CURIO_JWT_SECRET: secret };
      expect(readConfig(env)).toMatchObject({ playground: false, introspection: false });
      const asked = { ...env, CURIO_PLAYGROUND: 'true', CURIO_INTROSPECTION: 'true' };
      expect(readConfig(asked)).toMatchObject({ playground: true, introspection: true });
    });
  });
});
