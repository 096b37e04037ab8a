import path from 'node:path';
import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Entries between commas. */
const list = (entry: z.ZodType<string, string>) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(entry));

const environment = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_READ_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
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
  CURIO_DP_EPSILON: z.coerce.number().positive().max(100).optional(),
  CURIO_EXPLORATION: z.coerce.number().min(0).max(0.5).default(0.05),
  CURIO_ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  CURIO_FEED_FANOUT_LIMIT: whole(0, 1e9).default(10_000),
  CURIO_MEDIA_URL: z
    .string()
    .regex(/^(https?:\/\/|\/)\S+[^/]$/, 'must be an http or https address or a path, without a slash at the end')
    .optional(),
  CURIO_MEDIA_LIMIT: whole(1024, 5e9).default(50_000_000),
  CURIO_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  CURIO_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9.-]{3,63}$/)
    .optional(),
  CURIO_S3_REGION: z.string().min(1).default('us-east-1'),
  CURIO_S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  CURIO_S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  CURIO_CONSENT: z.enum(['opt-in', 'opt-out']).default('opt-out'),
  CURIO_RETENTION_DAYS: whole(1, 36_500).optional(),
  CURIO_KEY_PREFIX: z.string().max(64).default('curio:'),
  CURIO_POOL_SIZE: whole(2, 200).default(10),
  CURIO_BODY_LIMIT: whole(1024, 64 * 1024 * 1024).default(2 * 1024 * 1024),
  CURIO_RATE_RECOMMENDATIONS: whole(1, 1e9).default(50),
  CURIO_RATE_FEEDBACK: whole(1, 1e9).default(100),
  CURIO_RATE_SEARCH: whole(1, 1e9).default(60),
  CURIO_RATE_POSTS: whole(1, 1e9).default(10),
  CURIO_RATE_IP: whole(1, 1e9).default(1_000),
  CURIO_RATE_COST: whole(1, 1e9).default(100_000),
  CURIO_RATE_SERVICE: whole(1, 1e9).default(1_000_000),
  CURIO_DEADLINE_MS: whole(20, 60_000).default(1_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  CURIO_METRICS_KEY: z.string().min(16).optional(),
  CURIO_RATE_SERVICE_COST: whole(1, 1e9).default(100_000_000),
  CURIO_PERSISTED_OPERATIONS: z.string().min(1).optional(),
  CURIO_PERSISTED_ONLY: flag.default(false),
  CURIO_FEDERATION: flag.default(false),
  CURIO_REQUEST_TIMEOUT_MS: whole(10, 600_000).default(10_000),
  CURIO_MAX_COST: whole(1, 1e9).default(20_000),
  CURIO_CORS_ORIGINS: list(
    z
      .url({ protocol: /^https?$/ })
      .refine((url) => new URL(url).origin === url, 'must be an origin: scheme, host and port'),
  ),
  CURIO_TRUSTED_PROXIES: list(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])),
  CURIO_SEARCH_LANGUAGE: z.string().default('en'),
  CURIO_TEXT_ENCODER: z.string().optional(),
});

export type ServerRole = 'all' | 'api' | 'worker';

export interface S3Settings {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The whole of what the environment decides, checked once at start. */
export interface Config {
  readonly production: boolean;
  readonly databaseUrl: string | null;
  /** A replica of it, for reads that may be a little old; null for none. */
  readonly databaseReadUrl: string | null;
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
  /** Differential privacy of what trends; null for none. */
  readonly dpEpsilon: number | null;
  /** Share of the positions that are given to uncertain items. */
  readonly exploration: number;
  /** What this process does: answer, work behind the answers, or both. */
  readonly role: ServerRole;
  /** Posts of authors with more followers are read where they stand instead of being delivered. */
  readonly fanOutLimit: number;
  readonly media: {
    /** What media addresses begin with; null for the storage's own. */
    readonly baseUrl: string | null;
    /** Most bytes of a file. */
    readonly limit: number;
    /** Null for a folder of the data folder. */
    readonly s3: S3Settings | null;
  };
  /** Whether people who never said get lists of their own. */
  readonly personaliseByDefault: boolean;
  /** Raw events and shown lists older than so many days are deleted; null to keep them. */
  readonly retentionDays: number | null;
  readonly keyPrefix: string;
  readonly poolSize: number;
  readonly bodyLimit: number;
  /** Where traces go, by OTLP over HTTP; null for nowhere. */
  readonly tracesEndpoint: string | null;
  /** Milliseconds in which a list is to be made. */
  readonly deadlineMs: number;
  /** A bearer token that may read `/v1/metrics`; null where only admins may. */
  readonly metricsKey: string | null;
  /** Per minute. */
  readonly rates: {
    readonly recommendations: number;
    readonly feedback: number;
    readonly search: number;
    readonly posts: number;
    /** Requests of users and strangers from one address. */
    readonly address: number;
    /** Of the operations of one user. */
    readonly cost: number;
    /** Of each limit of a service but its cost. */
    readonly service: number;
    readonly serviceCost: number;
  };
  /** A file of registered operations, null for none; and whether nothing else is served. */
  readonly persisted: { readonly manifest: string | null; readonly only: boolean };
  /** Whether GraphQL is served as a subgraph of Federation 2. */
  readonly federation: boolean;
  /** How long an operation or a REST call may take. */
  readonly requestTimeoutMs: number;
  /** What one operation may cost. */
  readonly maxCost: number;
  /** Sites whose pages may ask from a browser, besides our own. */
  readonly corsOrigins: readonly string[];
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** ISO 639-1; whether there is a stemmer for it is checked where search begins. */
  readonly searchLanguage: string;
  /** Absolute path of an ONNX model; null for the content vectors of the model version. */
  readonly textEncoder: string | null;
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
  if (e.DATABASE_READ_URL !== undefined && e.DATABASE_URL === undefined) {
    throw new ConfigError('DATABASE_READ_URL: is a replica of the database that DATABASE_URL names; set that too.');
  }
  if (e.CURIO_PERSISTED_ONLY && e.CURIO_PERSISTED_OPERATIONS === undefined) {
    throw new ConfigError(
      'CURIO_PERSISTED_ONLY: name a manifest in CURIO_PERSISTED_OPERATIONS, or nothing can be asked.',
    );
  }
  return Object.freeze({
    production,
    databaseUrl: e.DATABASE_URL ?? null,
    databaseReadUrl: e.DATABASE_READ_URL ?? null,
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
    dpEpsilon: e.CURIO_DP_EPSILON ?? null,
    exploration: e.CURIO_EXPLORATION,
    role: e.CURIO_ROLE,
    fanOutLimit: e.CURIO_FEED_FANOUT_LIMIT,
    media: { baseUrl: e.CURIO_MEDIA_URL ?? null, limit: e.CURIO_MEDIA_LIMIT, s3: s3Of(e) },
    personaliseByDefault: e.CURIO_CONSENT === 'opt-out',
    retentionDays: e.CURIO_RETENTION_DAYS ?? null,
    keyPrefix: e.CURIO_KEY_PREFIX,
    poolSize: e.CURIO_POOL_SIZE,
    bodyLimit: e.CURIO_BODY_LIMIT,
    tracesEndpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    deadlineMs: e.CURIO_DEADLINE_MS,
    metricsKey: e.CURIO_METRICS_KEY ?? null,
    rates: {
      recommendations: e.CURIO_RATE_RECOMMENDATIONS,
      feedback: e.CURIO_RATE_FEEDBACK,
      search: e.CURIO_RATE_SEARCH,
      posts: e.CURIO_RATE_POSTS,
      address: e.CURIO_RATE_IP,
      cost: e.CURIO_RATE_COST,
      service: e.CURIO_RATE_SERVICE,
      serviceCost: e.CURIO_RATE_SERVICE_COST,
    },
    persisted: { manifest: e.CURIO_PERSISTED_OPERATIONS ?? null, only: e.CURIO_PERSISTED_ONLY },
    federation: e.CURIO_FEDERATION,
    requestTimeoutMs: e.CURIO_REQUEST_TIMEOUT_MS,
    maxCost: e.CURIO_MAX_COST,
    corsOrigins: e.CURIO_CORS_ORIGINS,
    trustedProxies: e.CURIO_TRUSTED_PROXIES,
    searchLanguage: e.CURIO_SEARCH_LANGUAGE,
    textEncoder: e.CURIO_TEXT_ENCODER === undefined ? null : path.resolve(e.CURIO_TEXT_ENCODER),
  });
}

/** Known to everyone who reads this line, so production refuses it; handy for a token that survives a restart. */
export const DEVELOPMENT_SECRET = 'curio-development-secret-not-for-production';

/** All of its settings, or none. @throws ConfigError naming one that is missing. */
function s3Of(e: z.infer<typeof environment>): S3Settings | null {
  const {
    CURIO_S3_ENDPOINT: endpoint,
    CURIO_S3_BUCKET: bucket,
    CURIO_S3_ACCESS_KEY_ID: accessKeyId,
    CURIO_S3_SECRET_ACCESS_KEY: secretAccessKey,
  } = e;
  if (endpoint === undefined && bucket === undefined) return null;
  const missing = (name: string) => new ConfigError(`CURIO_S3_${name}: is needed beside the other CURIO_S3_ settings.`);
  if (endpoint === undefined) throw missing('ENDPOINT');
  if (bucket === undefined) throw missing('BUCKET');
  if (accessKeyId === undefined) throw missing('ACCESS_KEY_ID');
  if (secretAccessKey === undefined) throw missing('SECRET_ACCESS_KEY');
  return { endpoint, bucket, region: e.CURIO_S3_REGION, accessKeyId, secretAccessKey };
}
