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
  ])('names %s when it is %s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(name);
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
