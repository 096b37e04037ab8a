import { describe, expect, it } from 'vitest';
import { boundedLabel } from '../../../src/domain/meter.js';
import { measureModels, measurePool } from '../../../src/telemetry/gauges.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';

const lines = async (metrics: ReturnType<typeof createMetrics>, name: string) =>
  (await metrics.expose()).text.split('\n').filter((line) => line.startsWith(name));

describe('metrics', () => {
  it('are counted by series and exposed as text', async () => {
    const metrics = createMetrics();
    const count = metrics.meter.counter('curio_test_total', 'A test', ['kind']);
    count({ kind: 'a' });
    count({ kind: 'a' }, 2);
    count({ kind: 'b' });
    const observe = metrics.meter.histogram('curio_test_seconds', 'A test', [0.1, 1]);
    observe({}, 0.5);
    expect(await lines(metrics, 'curio_test_total')).toEqual([
      'curio_test_total{kind="a"} 3',
      'curio_test_total{kind="b"} 1',
    ]);
    expect(await lines(metrics, 'curio_test_seconds_bucket')).toEqual([
      'curio_test_seconds_bucket{le="0.1"} 0',
      'curio_test_seconds_bucket{le="1"} 1',
      'curio_test_seconds_bucket{le="+Inf"} 1',
    ]);
    expect((await metrics.expose()).contentType).toContain('text/plain; version=0.0.4');
  });

  it('of one name are one metric; another kind under that name is refused', async () => {
    const metrics = createMetrics();
    metrics.meter.counter('curio_twice_total', 'A test')({});
    metrics.meter.counter('curio_twice_total', 'A test')({});
    expect(await lines(metrics, 'curio_twice_total')).toEqual(['curio_twice_total 2']);
    expect(() => metrics.meter.histogram('curio_twice_total', 'A test', [1])).toThrow('another kind');
  });

  it('of two apps in one process do not add up', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.meter.counter('curio_apart_total', 'A test')({});
    expect(await lines(other, 'curio_apart_total')).toEqual([]);
  });

  it('gauges are read at each scrape, and forget series that are gone', async () => {
    const metrics = createMetrics();
    let models = [{ tenant: 'acme', version: 'v1', trainedUntil: 1_000 }];
    measureModels(
      metrics.meter,
      () => models,
      () => 61_000,
    );
    measurePool(metrics.meter, () => ({ idle: 3, active: 2, waiting: 7 }));
    expect(await lines(metrics, 'curio_model_')).toEqual([
      'curio_model_info{tenant="acme",version="v1"} 1',
      'curio_model_age_seconds{tenant="acme"} 60',
    ]);
    models = [{ tenant: 'acme', version: 'v2', trainedUntil: 31_000 }];
    expect(await lines(metrics, 'curio_model_')).toEqual([
      'curio_model_info{tenant="acme",version="v2"} 1',
      'curio_model_age_seconds{tenant="acme"} 30',
    ]);
    expect(await lines(metrics, 'curio_pool_connections')).toEqual([
      'curio_pool_connections{state="idle"} 3',
      'curio_pool_connections{state="active"} 2',
      'curio_pool_connections{state="waiting"} 7',
    ]);
  });

  it('labels that callers choose stay few', () => {
    const label = boundedLabel(2);
    expect(['a', 'b', 'c', 'a', 'd'].map(label)).toEqual(['a', 'b', 'other', 'a', 'other']);
  });
});
