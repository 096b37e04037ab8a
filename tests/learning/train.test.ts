import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Log, silentLog } from '../../src/domain/log.js';
import { computeFeatures, FEATURES } from '../../src/features/index.js';
import { buildProfile } from '../../src/features/profile.js';
import { circumstancesOf, settingOf } from '../../src/features/setting.js';
import { buildTaste } from '../../src/features/taste.js';
import type { TrainingStep } from '../../src/learning/progress.js';
import { TRAINING_DEFAULTS, train } from '../../src/learning/train.js';
import type { Manifest } from '../../src/registry/manifest.js';
import type { Snapshot } from '../../src/registry/snapshot.js';
import { loadVersion, type VersionDraft, writeVersion } from '../../src/registry/versionFolder.js';
import { createLookups } from '../../src/retrieval/lookups.js';
import { createExactIndex } from '../../src/store/vector/exact.js';
import { groupOf, itemId, type PlantedWorld, plant, portsOf, START, userId } from './planted.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'curio-train-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const GROUPS = 3;
const NOW = Date.UTC(2026, 10, 20);
const parameters = {
  ...TRAINING_DEFAULTS,
  als: { ...TRAINING_DEFAULTS.als, dimensions: 8 },
  spectral: { ...TRAINING_DEFAULTS.spectral, dimensions: 8 },
  ranker: { ...TRAINING_DEFAULTS.ranker, share: 0.3, horizon: 5 },
};

/** Trains with the real writer of versions; the rows of the database are not what is tested here. */
async function trainOn(world: PlantedWorld, given: Partial<Parameters<typeof train>[0]> = {}, into = folder) {
  const published: { draft: VersionDraft; manifest: Manifest }[] = [];
  const result = await train({
    tenant: 'acme',
    ...portsOf(world),
    registry: {
      async publish(tenant, draft) {
        const manifest = await writeVersion(into, { tenant, parent: null }, draft);
        published.push({ draft, manifest });
        return manifest;
      },
    },
    seed: 7,
    clock: () => NOW,
    threads: 2,
    log: silentLog,
    parameters,
    ...given,
  });
  const [version] = published;
  if (version === undefined) throw new Error('nothing was published');
  return { result, ...version, place: path.join(into, version.manifest.id) };
}

const world = plant({ users: 80, items: 60, groups: GROUPS, eventsPerUser: 12 });
/** Few lists to learn the ranker from, where it is not about that. */
const light = { ...parameters, ranker: { ...parameters.ranker, people: 20, momentsPerPerson: 2 } };

/** One training that several tests look at, with what it said. */
const steps: TrainingStep[] = [];
const told: object[] = [];
let whole: Awaited<ReturnType<typeof trainOn>>;
let wholeFolder: string;
beforeAll(async () => {
  wholeFolder = await mkdtemp(path.join(os.tmpdir(), 'curio-train-'));
  const log: Log = {
    ...silentLog,
    info: (fields: object | string, message?: string) => {
      if (typeof fields === 'object' && message === 'stage ended') told.push(fields);
    },
  };
  whole = await trainOn(world, { log, onProgress: (step) => steps.push(step) }, wholeFolder);
});
afterAll(() => rm(wholeFolder, { recursive: true, force: true }));

describe('train', () => {
  it('fits, saves and loads a model that then ranks a stranger by their first likes', async () => {
    const { result, manifest, place, draft } = whole;
    expect(result.version).toBe(manifest.id);
    expect(result.metrics).toEqual(manifest.metrics);
    expect(manifest).toMatchObject({
      seed: 7,
      counts: { users: 80, items: 60, events: world.events.length },
      window: { from: new Date(world.events[0]?.occurredAt ?? 0).toISOString(), until: new Date(NOW).toISOString() },
      features: FEATURES.map(({ name }) => ({ name, type: 'float32' })),
    });
    expect(manifest.parameters).toMatchObject({ 'als.dimensions': 8, 'ranker.horizon': 5 });

    const { snapshot, dispose } = await loadVersion(place);
    const likes = [0, 3, 6].map((item) => ({
      itemId: itemId(item),
      action: 'LIKE' as const,
      value: null,
      occurredAt: NOW,
    }));
    const [first, ...others] = await rank(snapshot, likes);
    expect(groupOf(first?.item ?? -1, GROUPS)).toBe(0);
    const own = others.filter(({ item }) => groupOf(item, GROUPS) === 0);
    const top = others.slice(0, own.length - 3);
    expect(top.filter(({ item }) => groupOf(item, GROUPS) === 0).length).toBeGreaterThan(0.8 * top.length);
    for (const { score } of others) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThan(1);
    }
    const written: Snapshot = { ...snapshot, ...draft.parts };
    expect(await rank(written, likes)).toEqual([first, ...others]);
    await dispose();
  });

  it('ranks better than popularity and promises what comes true, judged on people it was not fitted to', async () => {
    const { result } = whole;
    expect(result.metrics['ranker.auc']).toBeGreaterThan(0.85);
    expect(result.metrics['ranker.logLoss']).toBeLessThan(result.metrics['ranker.logLossOfRate'] ?? 0);
    expect(result.metrics['ranker.calibrationError']).toBeLessThan(0.03);
    expect(result.metrics['ranker.ndcg10']).toBeGreaterThan(result.metrics['ranker.ndcg10OfPopularity'] ?? 1);
  });

  it('makes the same artefacts of the same events and seed, whatever the threads and the clock', async () => {
    const single = await trainOn(world, { threads: 1, clock: () => NOW + 5000 });
    expect(single.manifest.artefacts).toEqual(whole.manifest.artefacts);
    const seeded = await trainOn(world, { seed: 8, parameters: light }, path.join(folder, 'seed'));
    expect(seeded.manifest.artefacts['item-factors']).not.toEqual(whole.manifest.artefacts['item-factors']);
  });

  it('learns nothing from after `until`', async () => {
    const middle = world.events[Math.floor(world.events.length / 2)]?.occurredAt ?? 0;
    const early = [userId(0), userId(1), START] as const;
    const late = [userId(0), userId(2), middle] as const;
    const before = world.events.filter(({ occurredAt }) => occurredAt < middle);
    const past = await trainOn({ ...world, events: before, follows: [early] }, { parameters: light });
    const until = await trainOn(
      { ...world, follows: [early, late] },
      { until: middle, parameters: light },
      path.join(folder, 'until'),
    );
    expect(until.manifest.artefacts).toEqual(past.manifest.artefacts);
    expect(until.manifest.window.until).toBe(new Date(middle).toISOString());
    const after = await trainOn(
      { ...world, follows: [early, late] },
      { until: middle + 1, parameters: light },
      path.join(folder, 'after'),
    );
    expect(after.manifest.artefacts['graph-values']).not.toEqual(until.manifest.artefacts['graph-values']);
  });

  it('knows no item that is hidden', async () => {
    const items = world.items.map((item, at) => (at < 2 ? { ...item, hiddenAt: new Date(START) } : item));
    const { place, manifest } = await trainOn({ ...world, items }, { parameters: light });
    const { snapshot, dispose } = await loadVersion(place);
    expect(snapshot.items.size).toBe(58);
    expect(snapshot.items.indexOf(itemId(0))).toBe(-1);
    const hidden = world.events.filter(({ itemId: id }) => id === itemId(0) || id === itemId(1)).length;
    expect(manifest.counts.events).toBe(world.events.length - hidden);
    await dispose();
  });

  it('makes a version of a catalogue alone: the newest first, no ranker', async () => {
    const { place, manifest, result } = await trainOn({ ...world, events: [] });
    expect(manifest).toMatchObject({
      counts: { users: 0, items: 60, events: 0 },
      features: [],
      window: { from: null },
    });
    expect(result.metrics).toEqual({ 'als.loss': 0 });
    const { snapshot, dispose } = await loadVersion(place);
    expect(snapshot.ranker).toBeNull();
    expect(Array.from(snapshot.popularOrder.subarray(0, 3))).toEqual([0, 1, 2]);
    const taste = buildTaste(buildProfile([], snapshot.items), snapshot, []);
    expect(taste.vector).toBeNull();
    await dispose();
  });

  it('makes a version of one person', async () => {
    const alone = { ...world, events: world.events.filter((event) => event.userId === userId(0)) };
    const { place, manifest } = await trainOn(alone);
    expect(manifest.counts.users).toBe(1);
    const { snapshot, dispose } = await loadVersion(place);
    expect(snapshot.ranker).toBeNull();
    expect(snapshot.popularPrior[snapshot.popularOrder[0] ?? 0]).toBe(1);
    await dispose();
  });

  it('says so when there is nothing to learn from', async () => {
    const nothing = trainOn({ items: [], events: [] });
    await expect(nothing).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(nothing).rejects.toThrow('nothing to learn from: tenant acme has no items');
  });

  it('learns a ranker from a log of looks alone, and where time tells nothing', async () => {
    const looks = { ...world, events: world.events.map((event) => ({ ...event, action: 'VIEW' as const })) };
    expect((await trainOn(looks, { parameters: light })).draft.ranker).not.toBeNull();
    const still = { ...world, events: world.events.map((event) => ({ ...event, occurredAt: START })) };
    const { draft, result } = await trainOn(still, {}, path.join(folder, 'still'));
    expect(draft.ranker).not.toBeNull();
    expect(result.metrics['ranker.auc']).toBeGreaterThan(0.85);
  });

  it('tells how far it is, stage by stage', () => {
    const stages = [...new Set(steps.map(({ stage }) => stage))];
    expect(stages[0]).toBe('read the log');
    expect(stages).toContain('tastes');
    expect(stages.at(-1)).toBe('write the version');
    const tastes = steps.filter(({ stage, loss }) => stage === 'tastes' && loss !== undefined);
    expect(tastes.map(({ step }) => step)).toEqual(tastes.map((_, at) => at + 1));
    expect(tastes.at(-1)).toMatchObject({ fraction: 1, secondsLeft: 0 });
  });

  it('writes one event a stage to the log, in their order, with the last loss', () => {
    const stages = steps.map(({ stage }) => stage).filter((stage, at, all) => stage !== all[at - 1]);
    expect(told).toMatchObject(stages.map((stage) => ({ tenant: 'acme', stage, seconds: expect.any(Number) })));
    const { iterations } = parameters.als;
    expect(told).toContainEqual(
      expect.objectContaining({
        stage: 'tastes',
        step: iterations,
        of: iterations,
        loss: whole.result.metrics['als.loss'],
      }),
    );
  });
});

/** Every unseen item by falling score, then index. */
async function rank(snapshot: Snapshot, events: Parameters<typeof buildProfile>[0]) {
  const profile = buildProfile(events, snapshot.items);
  const seen = new Set(profile.items);
  const items = Int32Array.from(snapshot.items.ids.keys()).filter((item) => !seen.has(item));
  const taste = buildTaste(profile, snapshot, []);
  const setting = settingOf(snapshot.segments, circumstancesOf(null, NOW, null));
  const columns = computeFeatures(
    { taste, catalogue: snapshot, setting, now: NOW, factors: createLookups(createExactIndex).factors },
    { items, sources: [], columns: new Map() },
  );
  const matrix = Float32Array.from({ length: items.length * columns.length }, (_, at) => {
    return columns[at % columns.length]?.[Math.floor(at / columns.length)] ?? 0;
  });
  const scores = await snapshot.ranker?.score(matrix, items.length);
  return Array.from(items, (item, row) => ({ item, score: scores?.[row] ?? 0 })).sort(
    (a, b) => b.score - a.score || a.item - b.item,
  );
}
