import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApiKey, startServer, type TestServer } from '../../helpers/server.js';

const SCRAPE_KEY = 'a-key-to-scrape-with';
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ env: { CURIO_METRICS_KEY: SCRAPE_KEY } });
});
afterAll(() => server.close());

const scrape = (headers: Readonly<Record<string, string>>) => fetch(`${server.url}/v1/metrics`, { headers });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const series = async (start: string) => {
  const text = await (await scrape(bearer(SCRAPE_KEY))).text();
  return text.split('\n').filter((line) => line.startsWith(start));
};

describe('/v1/metrics', () => {
  it('is for an admin and for the scrape key', async () => {
    for (const headers of [
      bearer(SCRAPE_KEY),
      bearer(await server.token(null, 'admin')),
      { 'x-api-key': await addApiKey(server.apiKeys, { tenant: 'default', name: 'boss', role: 'admin', rates: {} }) },
    ]) {
      const response = await scrape(headers);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.text()).toContain('nodejs_eventloop_lag_p99_seconds');
    }
  });

  it.each([
    ['nobody', async () => ({}), 401, 'UNAUTHENTICATED'],
    ['another key', async () => bearer(`${SCRAPE_KEY}!`), 401, 'UNAUTHENTICATED'],
    ['a user', async () => bearer(await server.token('user-1')), 403, 'FORBIDDEN'],
    ['a service', async () => bearer(await server.token(null, 'service')), 403, 'FORBIDDEN'],
  ])('refuses %s', async (_who, headers, status, code) => {
    const response = await scrape(await headers());
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(`"code":"${code}"`);
  });

  it('the scrape key opens nothing else', async () => {
    const { errors } = await server.gql('{ viewer { id } }', {}, SCRAPE_KEY);
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('counts operations by the field they ask for, not by the name their caller gave them', async () => {
    const token = await server.token('user-1');
    await server.gql('query Anything { item(id: "lens-1") { id } }', {}, token);
    await server.gql('query SomethingElse { item(id: "lens-2") { id } }', {}, token);
    await server.gql('{ a: item(id: "lens-1") { id } b: item(id: "lens-2") { id } }', {}, token);
    await server.gql('{ nothing }', {}, token);
    await server.gql('{ recommendations(first: 0) { requestId } }', {}, token);
    expect(await series('curio_operation_duration_seconds_count')).toEqual(
      expect.arrayContaining([
        'curio_operation_duration_seconds_count{operation="item"} 2',
        'curio_operation_duration_seconds_count{operation="several"} 1',
        'curio_operation_duration_seconds_count{operation="invalid"} 1',
      ]),
    );
    expect(await series('curio_operation_errors_total')).toEqual(
      expect.arrayContaining([
        'curio_operation_errors_total{operation="invalid",code="BAD_USER_INPUT"} 1',
        'curio_operation_errors_total{operation="recommendations",code="BAD_USER_INPUT"} 1',
      ]),
    );
  });

  it('counts requests by route, not by address', async () => {
    await fetch(`${server.url}/previews/lens-1.svg`);
    await fetch(`${server.url}/no/such/place`);
    const counts = await series('curio_http_request_duration_seconds_count');
    expect(counts.join('\n')).toContain('route="none",status="404"');
    expect(counts.join('\n')).not.toContain('lens-1');
  });

  it('knows what is under way', async () => {
    let resume = () => {};
    server.pause = new Promise((resolve) => {
      resume = resolve;
    });
    const asked = server.gql('{ recommendations { requestId } }', {}, await server.token('user-2'));
    await expect.poll(() => series('curio_http_requests_in_flight')).toEqual(['curio_http_requests_in_flight 2']);
    resume();
    await asked;
    await expect.poll(() => series('curio_http_requests_in_flight')).toEqual(['curio_http_requests_in_flight 1']);
  });
});
