import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMedia } from '../../../../src/store/media/open.js';
import { startServer, type TestServer } from '../../../helpers/server.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('local media, over HTTP', () => {
  let dataDir: string;
  let url: string;
  let server: TestServer;
  let now = Date.UTC(2026, 0, 1);
  const clock = () => now;
  const open = () => openMedia({ dataDir, s3: null, baseUrl: null, clock });
  let media: Awaited<ReturnType<typeof open>>;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'curio-media-'));
    media = await open();
    if (media.files === null) throw new Error('Local media have files.');
    server = await startServer({ clock, media: media.files });
    url = server.url;
  });
  afterAll(async () => {
    await server.close();
    await rm(dataDir, { recursive: true });
  });

  const put = async (address: string, body: Buffer, type = 'image/png') => {
    const response = await fetch(url + address, {
      method: 'PUT',
      headers: { 'content-type': type },
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const sign = (key: string, bytes = PNG.length, type = 'image/png') => media.store.sign(key, { type, bytes });

  it('takes what was signed and serves it to everyone, for good', async () => {
    const upload = await sign('one.png');
    expect(upload.expiresAt.getTime() - now).toBe(15 * 60_000);
    expect(await put(upload.url, PNG)).toBe(204);
    const answer = await fetch(url + media.store.urlOf('one.png'));
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    await media.store.delete('one.png');
    await media.store.delete('one.png');
    expect((await fetch(`${url}/media/one.png`)).status).toBe(404);
  });

  it('takes nothing else: another key, type, size or time, or other bytes', async () => {
    const { url: address } = await sign('two.png');
    expect(await put(address.replace('two', 'three'), PNG)).toBe(403);
    expect(await put(address.replace('image%2Fpng', 'image%2Fgif'), PNG, 'image/gif')).toBe(403);
    expect(await put(address.replace(/bytes=\d+/, 'bytes=1000'), PNG)).toBe(403);
    expect(await put(address.replace(/expires=\d+/, 'expires=9999999999999'), PNG)).toBe(403);
    expect(await put('/media/two.png', PNG)).toBe(403);
    expect(await put(address, PNG.subarray(1))).toBe(400);
    expect(await put(address, Buffer.concat([PNG, PNG]))).toBe(413);
    expect(await put(address, Buffer.alloc(PNG.length, '<'))).toBe(400);
    expect(await put((await sign('short.png', 3)).url, Buffer.from('abc'))).toBe(400);
    now += 15 * 60_000 + 1;
    expect(await put(address, PNG)).toBe(403);
    const files = await readdir(path.join(dataDir, 'media'), { recursive: true, withFileTypes: true });
    expect(files.filter((file) => file.isFile()).map(({ name }) => name)).toEqual(['.secret']);
  });

  it('serves no file but its own', async () => {
    for (const key of ['.secret', '..%2f.secret', 'x.png', 'media', '%2e%2e%2fx.png']) {
      expect((await fetch(`${url}/media/${key}`)).status).toBe(404);
    }
  });

  it('has one secret for all nodes, that nobody else may read', async () => {
    const upload = await sign('four.png');
    const other = await open();
    expect((await other.store.sign('four.png', { type: 'image/png', bytes: PNG.length })).url).toBe(upload.url);
    expect((await stat(path.join(dataDir, 'media', '.secret'))).mode & 0o077).toBe(0);
  });
});
