import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../src/domain/log.js';
import { createServing } from '../../../src/registry/serving.js';
import type { LoadedVersion } from '../../../src/registry/versionFolder.js';
import { plantSnapshot } from '../../helpers/snapshot.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Versions that remember whether they were freed. */
function shelf(deployed: () => string | null) {
  const freed: string[] = [];
  const loads: string[] = [];
  const load = async (_tenant: string, version: string): Promise<LoadedVersion> => {
    loads.push(version);
    const { snapshot } = plantSnapshot({ version });
    return { snapshot, dispose: async () => void freed.push(version) };
  };
  const serving = createServing({
    deployed: async () => deployed(),
    earlier: async () => [],
    load,
    graceMs: 1000,
    log: silentLog,
  });
  return { freed, loads, load, serving };
}

describe('createServing', () => {
  it('frees a version that was replaced, but only when requests that hold it have had their time', async () => {
    let deployed = 'v1';
    const { serving, freed } = shelf(() => deployed);
    await serving.refresh('acme');
    deployed = 'v2';
    await serving.refresh('acme');
    expect(serving.current('acme')?.version).toBe('v2');
    await vi.advanceTimersByTimeAsync(999);
    expect(freed).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(freed).toEqual(['v1']);
    await serving.dispose();
    expect(freed).toEqual(['v1', 'v2']);
    expect(serving.current('acme')).toBeNull();
  });

  it('looks once for all who ask at the same time, and does not load what it has', async () => {
    const { serving, loads } = shelf(() => 'v1');
    await Promise.all([serving.refresh('acme'), serving.refresh('acme'), serving.refresh('acme')]);
    await serving.refresh('acme');
    expect(loads).toEqual(['v1']);
    await serving.dispose();
  });

  it('frees what finishes loading after the end', async () => {
    const { serving, freed } = shelf(() => 'v1');
    const loading = serving.refresh('acme');
    await serving.dispose();
    await loading;
    expect(freed).toEqual([]);
    expect(serving.current('acme')).toBeNull();
  });

  it('takes over a version that was loaded elsewhere, in the order of the changes', async () => {
    const { serving, load, freed } = shelf(() => 'v1');
    const looking = serving.refresh('acme');
    await serving.adopt('acme', await load('acme', 'v2'));
    await looking;
    expect(serving.current('acme')?.version).toBe('v2');
    await serving.dispose();
    expect(freed.sort()).toEqual(['v1', 'v2']);
  });
});
