import { createHash, createHmac } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3Media } from '../../../../src/store/media/s3.js';

const ACCESS_KEY = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const REGION = 'eu-test-1';

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const strict = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * What a storage does with a request, written from the description of AWS Signature Version 4 and not from the code that
 * signs: the canonical request is made anew of what arrived. Answers why it is refused, or null.
 */
function refusalOf(request: IncomingMessage): string | null {
  const url = new URL(request.url ?? '', 'http://x');
  const inQuery = url.searchParams.has('X-Amz-Signature');
  const header = request.headers.authorization ?? '';
  const part = (name: string) => new RegExp(`${name}=([^, ]+)`).exec(header)?.[1] ?? '';
  const signature = inQuery ? url.searchParams.get('X-Amz-Signature') : part('Signature');
  const names = (inQuery ? (url.searchParams.get('X-Amz-SignedHeaders') ?? '') : part('SignedHeaders')).split(';');
  const credential = (inQuery ? (url.searchParams.get('X-Amz-Credential') ?? '') : part('Credential')).split('/');
  const date = inQuery ? (url.searchParams.get('X-Amz-Date') ?? '') : String(request.headers['x-amz-date']);
  const [accessKey, day = '', region = '', service = ''] = credential;
  if (accessKey !== ACCESS_KEY || region !== REGION || service !== 's3') return 'credential';
  if (inQuery && !(names.includes('content-type') && names.includes('content-length'))) return 'type and size unsigned';
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${strict(name)}=${strict(value)}`)
    .sort()
    .join('&');
  const payload = inQuery ? 'UNSIGNED-PAYLOAD' : String(request.headers['x-amz-content-sha256']);
  const canonical = [
    request.method,
    url.pathname,
    query,
    ...names.map((name) => `${name}:${String(request.headers[name]).trim()}`),
    '',
    names.join(';'),
    payload,
  ].join('\n');
  const scope = [day, region, service, 'aws4_request'].join('/');
  const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, day), region), service), 'aws4_request');
  return hmac(key, text).toString('hex') === signature ? null : 'signature';
}

describe('S3-compatible media', () => {
  const files = new Map<string, { type: string; body: Buffer }>();
  let server: Server;
  let endpoint: string;
  let status = 204;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const refusal = refusalOf(request);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const path = new URL(request.url ?? '', 'http://x').pathname;
      if (refusal !== null) return void response.writeHead(403).end(refusal);
      if (request.method === 'PUT') {
        files.set(path, { type: String(request.headers['content-type']), body: Buffer.concat(chunks) });
        return void response.writeHead(200).end();
      }
      files.delete(path);
      return void response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    endpoint = `http://127.0.0.1:${address.port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const open = (secretAccessKey = SECRET) =>
    createS3Media({
      endpoint,
      bucket: 'posts',
      region: REGION,
      accessKeyId: ACCESS_KEY,
      secretAccessKey,
      baseUrl: 'https://cdn.example/media',
      clock: () => Date.UTC(2026, 0, 1, 12),
    });
  /** As a client sends it, with the very headers it was told. */
  const put = (url: string, headers: Readonly<Record<string, string>>, body: string) =>
    new Promise<number>((resolve, reject) => {
      const sent = httpRequest(url, { method: 'PUT', headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.once('error', reject).end(body);
    });

  it('takes a file of the type and size that were signed, and nothing else', async () => {
    const { url, method, headers, expiresAt } = await open().sign('a b.png', { type: 'image/png', bytes: 5 });
    expect(method).toBe('PUT');
    expect(expiresAt).toEqual(new Date(Date.UTC(2026, 0, 1, 12, 15)));
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('900');
    expect(await put(url, headers, 'hello')).toBe(200);
    expect(files.get('/posts/a%20b.png')).toEqual({ type: 'image/png', body: Buffer.from('hello') });
    expect(await put(url, { ...headers, 'content-type': 'text/html' }, 'hello')).toBe(403);
    expect(await put(url, { ...headers, 'content-length': '6' }, 'hello!')).toBe(403);
    expect(await put(url.replace('a%20b', 'other'), headers, 'hello')).toBe(403);
    expect(await put(url.replace('Expires=900', 'Expires=9000'), headers, 'hello')).toBe(403);
    const wrong = await open('another secret').sign('a.png', { type: 'image/png', bytes: 5 });
    expect(await put(wrong.url, wrong.headers, 'hello')).toBe(403);
  });

  it('is served from the base address, and deleted, once or again', async () => {
    const media = open();
    expect(media.urlOf('a.png')).toBe('https://cdn.example/media/a.png');
    files.set('/posts/a.png', { type: 'image/png', body: Buffer.alloc(0) });
    await media.delete('a.png');
    expect(files.has('/posts/a.png')).toBe(false);
    status = 404;
    await media.delete('a.png');
    await expect(open('another secret').delete('a.png')).rejects.toThrow('403');
  });
});
