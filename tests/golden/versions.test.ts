import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORMAT_VERSION } from '../../src/registry/manifest.js';
import { loadVersion } from '../../src/registry/versionFolder.js';

/** Frozen when a format was current, and never written again: `version-<format>/<id>`. */
const golden = import.meta.dirname;
const only = (folder: string) => path.join(golden, folder, readdirSync(path.join(golden, folder))[0] ?? '');

describe('golden versions', () => {
  it('there is one of every format there has been', () => {
    const formats = Array.from({ length: FORMAT_VERSION }, (_, at) => `version-${at + 1}`);
    expect(readdirSync(golden).filter((name) => name.startsWith('version-'))).toEqual(formats);
  });

  it('format 1 still says what it said', async () => {
    const { snapshot, dispose } = await loadVersion(only('version-1'));
    const { items, collaborative, neighbours, manifest } = snapshot;
    expect(manifest).toMatchObject({
      id: snapshot.version,
      tenant: 'acme',
      parent: '20261119-101010-0000',
      createdAt: '2026-11-20T10:30:45.000Z',
      codeVersion: '0.1.0',
      seed: 1,
      window: { from: '2026-01-01T00:00:00.000Z', until: '2026-11-20T10:30:45.000Z' },
      counts: { users: 2, items: 3, events: 4 },
      parameters: { 'als.dimensions': 2 },
      metrics: { 'als.loss': 0.5 },
    });
    expect(items.ids).toEqual(['alpha', 'beta', 'gamma é']);
    expect(items.indexOf('gamma é')).toBe(2);
    expect(items.kind).toEqual({ names: ['lens', 'post'], codes: Int32Array.of(0, 0, 1) });
    expect(items.category).toEqual({ names: ['nature'], codes: Int32Array.of(0, 0, -1) });
    expect(items.author).toEqual({ names: ['ana', 'bo'], codes: Int32Array.of(0, -1, 1) });
    expect(items.tagNames).toEqual(['green', 'leaf', 'night']);
    expect(items.tags.offsets).toEqual(Int32Array.of(0, 2, 3, 5));
    expect(items.tags.indices).toEqual(Int32Array.of(0, 1, 1, 0, 2));
    expect(items.createdAt[2]).toBe(Date.UTC(2026, 0, 3));
    expect(items.popularity).toEqual(Float32Array.of(3, 1, 0));
    expect(collaborative).toEqual({
      dimensions: 2,
      unobservedWeight: 0.125,
      regularization: 0.004,
      frequencyExponent: 1,
      itemFactors: Float32Array.of(1, 0, 0.5, 0.5, 0, -0.25),
      gram: Float64Array.of(1.25, 0.25, 0.25, 0.3125),
    });
    expect(snapshot.spectral).toBeNull();
    expect(snapshot.segments).toBeNull();
    expect(snapshot.counts).toBeNull();
    expect(snapshot.graph).toBeNull();
    expect(snapshot.people).toBeNull();
    expect(snapshot.sequence).toBeNull();
    expect(neighbours).toEqual({
      offsets: Int32Array.of(0, 1, 2, 2),
      indices: Int32Array.of(1, 0),
      values: Float32Array.of(0.75, 0.75),
    });
    expect(snapshot.popularOrder).toEqual(Int32Array.of(0, 1, 2));
    expect(snapshot.popularPrior).toEqual(Float32Array.of(1, 0.25, 0));
    expect(snapshot.ranker?.features).toEqual(['collaborative', 'popularity']);
    const scores = await snapshot.ranker?.score(Float32Array.of(0, 0, 1, 1), 2);
    expect(scores?.[0]).toBeCloseTo(1 / (1 + Math.exp(1)), 6);
    expect(scores?.[1]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    await dispose();
  });
});
