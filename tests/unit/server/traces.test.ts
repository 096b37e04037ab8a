import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { silentLog } from '../../../src/domain/log.js';
import { silentMeter } from '../../../src/domain/meter.js';
import { createBreakers } from '../../../src/resilience/breakers.js';
import { openTracing } from '../../../src/telemetry/openTracing.js';
import { type Tracing, traceIdOf } from '../../../src/telemetry/tracing.js';
import { startServer, type TestServer } from '../../helpers/server.js';
import { createWorld, request, type World } from '../../helpers/services.js';

const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(z.object({ key: z.string(), value: z.looseObject({}) })),
  status: z.looseObject({ code: z.number().optional() }),
});
const body = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(z.object({ key: z.string(), value: z.looseObject({}) })) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});
type Received = z.infer<typeof spanSchema>;

const CALLER = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };
const TRACEPARENT = `00-${CALLER.trace}-${CALLER.span}-01`;

/** What a collector of traces is: something that takes JSON by HTTP. */
const received: Received[] = [];
const services: unknown[] = [];
const collector = createServer((incoming, answer) => {
  let text = '';
  incoming.on('data', (part) => {
    text += String(part);
  });
  incoming.on('end', () => {
    expect(incoming.url).toBe('/v1/traces');
    for (const { resource, scopeSpans } of body.parse(JSON.parse(text)).resourceSpans) {
      services.push(resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue);
      received.push(...scopeSpans.flatMap(({ spans }) => spans));
    }
    answer.setHeader('content-type', 'application/json').end('{}');
  });
});

let tracing: Tracing;
let server: TestServer;
let world: World;
beforeAll(async () => {
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
  const address = collector.address();
  if (address === null || typeof address === 'string') throw new Error('The collector listens on no port.');
  vi.stubEnv('OTEL_SERVICE_NAME', 'curio-one');
  tracing = await openTracing(`http://127.0.0.1:${address.port}`);
  world = createWorld();
  const { tracer } = tracing;
  const breakers = createBreakers({ meter: silentMeter, log: silentLog, ownDelayMs: () => 0, tracer });
  const postgres = breakers.create('postgres', { patienceMs: 60_000, counts: () => true });
  const { personEvents } = world.stores.eventLog;
  world.stores.eventLog.personEvents = (tenant, ids, limit) =>
    postgres.run(async () => personEvents(tenant, ids, limit), 'personEvents');
  const { recommendations } = world.node({ tracer });
  server = await startServer({ tracing, services: { recommendations }, entities: world.stores.entities });
});
afterAll(async () => {
  await server.close();
  collector.close();
  vi.unstubAllEnvs();
});

describe('a trace', () => {
  it('goes from the request of a caller through the operation to each stage and statement', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await server.token('u1', 'user', request('u1').tenant)}`,
        traceparent: TRACEPARENT,
      },
      body: JSON.stringify({ query: '{ recommendations(first: 3) { degraded } }' }),
    });
    expect(await response.json()).toEqual({ data: { recommendations: { degraded: 'HEURISTIC_RANKER' } } });
    expect(response.headers.get('traceparent')).toMatch(new RegExp(`^00-${CALLER.trace}-[0-9a-f]{16}-01$`));
    await tracing.dispose();

    const only = (name: string) => {
      const found = received.filter((span) => span.name === name);
      expect(found, name).toHaveLength(1);
      return found[0] ?? expect.fail(name);
    };
    expect(new Set(received.map(({ traceId }) => traceId))).toEqual(new Set([CALLER.trace]));
    expect(new Set(services)).toEqual(new Set(['curio-one']));
    const http = only('POST /graphql');
    expect(http.parentSpanId).toBe(CALLER.span);
    expect(http.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: 200 } });
    const operation = only('graphql query');
    expect(operation.parentSpanId).toBe(http.spanId);
    expect(only('postgres personEvents').parentSpanId).toBe(operation.spanId);
    for (const name of ['source popular', 'filter seen', 'scorer heuristic', 'reranker diversity']) {
      expect(only(name).parentSpanId).toBe(operation.spanId);
    }
    const line = server.lines.find(({ msg, route }) => msg === 'request' && route === '/graphql');
    expect(line).toMatchObject({ traceId: CALLER.trace, requestId: response.headers.get('x-request-id') });
  });

  it('is not begun for health', async () => {
    const response = await fetch(`${server.url}/v1/health/live`, { headers: { traceparent: TRACEPARENT } });
    expect(response.headers.get('traceparent')).toBeNull();
  });
});

describe('where nobody collects', () => {
  it('the trace that a caller names is still in the log', async () => {
    const plain = await startServer();
    try {
      await fetch(`${plain.url}/nothing`, { headers: { traceparent: TRACEPARENT } });
      await expect
        .poll(() => plain.lines.find(({ msg }) => msg === 'request'))
        .toMatchObject({ traceId: CALLER.trace });
    } finally {
      await plain.close();
    }
  });

  it.each([
    [TRACEPARENT, CALLER.trace],
    ['00-00000000000000000000000000000000-b7ad6b7169203331-01', null],
    ['00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01', null],
    ['a person', null],
  ])('%s names %s', (traceparent, id) => {
    expect(traceIdOf({ traceparent })).toBe(id);
  });
});
