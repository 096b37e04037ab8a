import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CSP_PAGE } from '../../../src/server/securityHeaders.js';
import { readStaticFiles, sendStatic } from '../../../src/server/staticFiles.js';

describe('static files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'curio-static-'));
    mkdirSync(path.join(folder, 'parts'));
    writeFileSync(path.join(folder, 'index.html'), '<!doctype html>');
    writeFileSync(path.join(folder, 'parts', 'a.js'), 'export {};'.repeat(200));
    writeFileSync(path.join(folder, 'secret.key'), 'secret');
    writeFileSync(path.join(folder, 'a.js.map'), '{}');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are those of a known type, by path', () => {
    const files = readStaticFiles(folder);
    expect([...files].map(([name, { type }]) => [name, type])).toEqual([
      ['index.html', 'text/html; charset=utf-8'],
      ['parts/a.js', 'text/javascript; charset=utf-8'],
    ]);
  });

  it('are none without a folder', () => {
    expect(readStaticFiles(path.join(folder, 'nowhere')).size).toBe(0);
  });

  it('are asked for again and sent once', async () => {
    const file = readStaticFiles(folder).get('parts/a.js');
    if (file === undefined) throw new Error('no file');
    const app = fastify();
    app.get('/', async (request, reply) => sendStatic(request, reply, file, CSP_PAGE));
    const first = await app.inject({ url: '/', headers: { 'accept-encoding': 'gzip, br' } });
    expect(first.headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-encoding': 'gzip',
      vary: 'accept-encoding',
    });
    expect(gunzipSync(first.rawPayload)).toEqual(file.body);
    const etag = String(first.headers.etag);
    const second = await app.inject({ url: '/', headers: { 'if-none-match': `W/${etag}` } });
    expect(second.statusCode).toBe(304);
    expect(second.body).toBe('');
    expect((await app.inject('/')).rawPayload).toEqual(file.body);
    await app.close();
  });
});
