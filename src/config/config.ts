import path from 'node:path';
import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const environment = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  CURIO_DATA_DIR: z.string().min(1).default('.curio'),
  CURIO_HOST: z.string().min(1).default('127.0.0.1'),
  CURIO_PORT: whole(0, 65535).default(4000),
  CURIO_JWT_SECRET: z.string().min(32).optional(),
  CURIO_JWKS_URL: z.url().optional(),
  CURIO_DEFAULT_TENANT: z.string().min(1).max(64).default('default'),
  CURIO_AUTO_USERS: flag.default(true),
  CURIO_PLAYGROUND: flag.optional(),
  CURIO_INTROSPECTION: flag.optional(),
  CURIO_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  CURIO_VECTOR_INDEX: z.enum(['auto', 'exact', 'ivf', 'hnsw']).default('auto'),
  CURIO_VECTOR_EFFORT: whole(1, 65_536).optional(),
  CURIO_EXPLORATION: z.coerce.number().min(0).max(0.5).default(0.05),
  CURIO_KEY_PREFIX: z.string().max(64).default('curio:'),
  CURIO_POOL_SIZE: whole(2, 200).default(10),
  CURIO_BODY_LIMIT: whole(1024, 64 * 1024 * 1024).default(2 * 1024 * 1024),
  CURIO_RATE_RECOMMENDATIONS: whole(1, 1e9).default(50),
  CURIO_RATE_FEEDBACK: whole(1, 1e9).default(100),
  CURIO_RATE_SERVICE: whole(1, 1e9).default(1_000_000),
});

/** The whole of what the environment decides, checked once at start. */
export interface Config {
  readonly production: boolean;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  /** Absolute. Holds the embedded database, model versions and FAISS builds. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly auth: {
    /** HS256 secret; null where only JWKS tokens count. */
    readonly secret: string | null;
    readonly jwksUrl: string | null;
  };
  readonly defaultTenant: string;
  readonly autoUsers: boolean;
  readonly playground: boolean;
  readonly introspection: boolean;
  readonly logLevel: string;
  readonly vectorIndex: 'auto' | 'exact' | 'ivf' | 'hnsw';
  /** `nprobe` of `ivf`, `efSearch` of `hnsw`; null for a good one. */
  readonly vectorEffort: number | null;
  /** Share of the positions that are given to uncertain items. */
  readonly exploration: number;
  readonly keyPrefix: string;
  readonly poolSize: number;
  readonly bodyLimit: number;
  /** Requests per minute. */
  readonly rates: { readonly recommendations: number; readonly feedback: number; readonly service: number };
}

/** A setting that is missing or wrong; the message names the variable and what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment into one frozen value.
 * @throws ConfigError naming each variable that is wrong.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The environment is not right:\n  ${lines.join('\n  ')}`);
  }
  const e = parsed.data;
  const production = e.NODE_ENV === 'production';
  const secret = e.CURIO_JWT_SECRET ?? null;
  if (production && (secret === DEVELOPMENT_SECRET || (secret === null && e.CURIO_JWKS_URL === undefined))) {
    throw new ConfigError(
      'CURIO_JWT_SECRET: in production set one of your own (32 characters or more), or CURIO_JWKS_URL.',
    );
  }
  return Object.freeze({
    production,
    databaseUrl: e.DATABASE_URL ?? null,
    redisUrl: e.REDIS_URL ?? null,
    dataDir: path.resolve(e.CURIO_DATA_DIR),
    host: e.CURIO_HOST,
    port: e.CURIO_PORT,
    auth: {
      secret: secret ?? (production ? null : DEVELOPMENT_SECRET),
      jwksUrl: e.CURIO_JWKS_URL ?? null,
    },
    defaultTenant: e.CURIO_DEFAULT_TENANT,
    autoUsers: e.CURIO_AUTO_USERS,
    playground: e.CURIO_PLAYGROUND ?? !production,
    introspection: e.CURIO_INTROSPECTION ?? !production,
    logLevel: e.CURIO_LOG_LEVEL,
    vectorIndex: e.CURIO_VECTOR_INDEX,
    vectorEffort: e.CURIO_VECTOR_EFFORT ?? null,
    exploration: e.CURIO_EXPLORATION,
    keyPrefix: e.CURIO_KEY_PREFIX,
    poolSize: e.CURIO_POOL_SIZE,
    bodyLimit: e.CURIO_BODY_LIMIT,
    rates: {
      recommendations: e.CURIO_RATE_RECOMMENDATIONS,
      feedback: e.CURIO_RATE_FEEDBACK,
      service: e.CURIO_RATE_SERVICE,
    },
  });
}

/** Known to everyone who reads this line, so production refuses it; handy for a token that survives a restart. */
export const DEVELOPMENT_SECRET = 'curio-development-secret-not-for-production';
