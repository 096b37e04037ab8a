import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { doctor, printReport } from '../../../src/cli/commands/doctor.js';
import { checkCores, checkFaiss, checkNode } from '../../../src/cli/doctor/native.js';
import { found, lacking } from '../../../src/cli/doctor/row.js';
import { readConfig } from '../../../src/config/config.js';
import { loadFaiss } from '../../../src/store/vector/faiss.js';

/** A port that nobody listens on: the discard service, which nothing runs any more. */
const NOWHERE = '127.0.0.1:9';

describe('doctor', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'curio-doctor-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));
  const look = async (env: Record<string, string> = {}) => {
    const { rows } = await doctor(readConfig({ CURIO_DATA_DIR: dataDir, ...env }));
    return (name: string) => rows.find((row) => row.name === name);
  };

  it('finds what ships with the project, on any machine', async () => {
    const row = await look();
    expect(row('Node.js')).toMatchObject({ found: true, detail: process.versions.node });
    expect(row('WASM SIMD kernels')).toMatchObject({ found: true });
    expect(row('ONNX Runtime')).toMatchObject({ found: true, detail: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });

  it('says where the media of posts go', async () => {
    const s3 = {
      CURIO_S3_ENDPOINT: 'https://s3.example',
      CURIO_S3_BUCKET: 'posts',
      CURIO_S3_ACCESS_KEY_ID: 'a',
      CURIO_S3_SECRET_ACCESS_KEY: 'b',
    };
    expect((await look())('Media of posts')).toMatchObject({ found: false, cost: expect.stringContaining('CDN') });
    expect((await look(s3))('Media of posts')).toMatchObject({ found: true, detail: expect.stringContaining('posts') });
  });

  it('says what serves in the place of servers that are not set, and creates nothing', async () => {
    const row = await look();
    expect(row('PostgreSQL')).toMatchObject({
      found: false,
      required: false,
      detail: `embedded in ${dataDir}, not created yet`,
      cost: expect.stringContaining('DATABASE_URL'),
    });
    expect(row('Redis')).toMatchObject({ found: false, required: false, cost: expect.stringContaining('REDIS_URL') });
    expect(row('Token secret')).toMatchObject({ found: false, cost: expect.stringContaining('CURIO_JWT_SECRET') });
    expect(existsSync(path.join(dataDir, 'database'))).toBe(false);
  });

  it('says which server that was asked for does not answer, without its password', async () => {
    const row = await look({
      DATABASE_URL: `postgres://me:secret-word@${NOWHERE}/curio`,
      REDIS_URL: `redis://me:secret-word@${NOWHERE}/2`,
    });
    for (const name of ['PostgreSQL', 'Redis']) {
      expect(row(name)).toMatchObject({ found: false, required: true, detail: expect.stringContaining(NOWHERE) });
      expect(row(name)?.detail).toContain('ECONNREFUSED');
      expect(JSON.stringify(row(name))).not.toContain('secret-word');
    }
  });

  it('finds a Redis that answers', async ({ skip }) => {
    const url = inject('redisUrl');
    if (url === null) return skip('no Redis found');
    const row = await look({ REDIS_URL: url });
    expect(row('Redis')).toMatchObject({ found: true, detail: expect.stringMatching(/version \d+\.\d+/) });
  });

  it('finds a PostgreSQL that answers, and whether it is migrated', async ({ skip }) => {
    const url = inject('postgresUrl');
    if (url === null) return skip('no PostgreSQL found');
    const row = await look({ DATABASE_URL: url });
    expect(row('PostgreSQL')).toMatchObject({
      found: true,
      detail: expect.stringMatching(/version \d+.*(migrated|pending)/),
    });
  });

  it('is content with a secret of one’s own', async () => {
    const row = await look({ CURIO_JWT_SECRET: 'x'.repeat(32), CURIO_JWKS_URL: 'https://keys.example/jwks' });
    expect(row('Token secret')).toEqual(found('Token secret', 'CURIO_JWT_SECRET and CURIO_JWKS_URL'));
  });
});

describe('checks', () => {
  it('knows which Node.js is too old', () => {
    expect(['20.18.3', '18.20.0'].map((version) => checkNode(version))).toEqual([
      expect.objectContaining({ found: false, required: true }),
      expect.objectContaining({ found: false, required: true }),
    ]);
    expect(['20.19.0', '22.0.0'].map((version) => checkNode(version).found)).toEqual([true, true]);
  });

  it('says what a single core costs', () => {
    expect(checkCores(1).cost).not.toBe('');
    expect(checkCores(8)).toMatchObject({ detail: expect.stringContaining('8'), cost: '' });
  });

  it('says how to get FAISS, and minds only when it was asked for', () => {
    expect(checkFaiss(null, 'auto')).toMatchObject({
      found: false,
      required: false,
      cost: expect.stringContaining('node scripts/faiss.mjs'),
    });
    expect(checkFaiss(null, 'ivf')).toMatchObject({ found: false, required: true });
  });

  it('finds FAISS where it is built', ({ skip }) => {
    const faiss = loadFaiss();
    if (faiss === null) return skip('native FAISS is not built here');
    expect(checkFaiss(faiss, 'ivf')).toMatchObject({ found: true, detail: expect.stringContaining('native') });
  });
});

describe('printReport', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });

  it('prints what was found and what a lack costs; only something required ends the process with 1', () => {
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    printReport({ rows: [found('Here', 'version 1'), lacking('Elsewhere', 'not built', 'It is slower.')] });
    expect(lines).toEqual(['✓ Here       version 1', '– Elsewhere  not built', '             It is slower.']);
    expect(process.exitCode).toBeUndefined();
    printReport({ rows: [{ ...lacking('Gone', 'no answer', 'Nothing works.'), required: true }] });
    expect(lines.at(-2)).toBe('✗ Gone  no answer');
    expect(process.exitCode).toBe(1);
  });
});
