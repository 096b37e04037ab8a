import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { servedPipeline } from '../../src/cli/evaluation/pipeline.js';
import { openRankThreads } from '../../src/cli/evaluation/rankThreads.js';
import { DAY_MS } from '../../src/domain/clock.js';
import { evaluateSplit } from '../../src/learning/evaluation/evaluate.js';
import { localRankers, type Rankers } from '../../src/learning/evaluation/models/rankers.js';
import { singleModels } from '../../src/learning/evaluation/models/singleModels.js';
import { files } from '../../src/learning/evaluation/protocols/files.js';
import { leaveLastOne } from '../../src/learning/evaluation/protocols/leaveLastOne.js';
import { temporal } from '../../src/learning/evaluation/protocols/temporal.js';
import type { EvaluationReport } from '../../src/learning/evaluation/report.js';
import type { Split } from '../../src/learning/evaluation/split.js';
import { TRAINING_DEFAULTS } from '../../src/learning/train.js';
import { loadVersion } from '../../src/registry/versionFolder.js';
import { itemId, type PlantedEvent, plant, START, tableOf, userId } from './planted.js';

const parameters = {
  ...TRAINING_DEFAULTS,
  als: { ...TRAINING_DEFAULTS.als, dimensions: 8 },
  spectral: { ...TRAINING_DEFAULTS.spectral, dimensions: 3 },
  // Few lists: how well they are learned from is the concern of other tests.
  ranker: { share: 0.3, people: 60, momentsPerPerson: 2, horizon: 5 },
};

/** Every model in this thread. */
async function openHere(folder: string): Promise<Rankers> {
  const { snapshot, dispose } = await loadVersion(folder);
  return { ...localRankers(snapshot, [...singleModels(snapshot), servedPipeline(snapshot)]), dispose };
}

const run = (split: Split, given: Partial<Parameters<typeof evaluateSplit>[0]> = {}): Promise<EvaluationReport> =>
  evaluateSplit({ split, openRankers: openHere, seed: 3, clock: () => START, threads: 1, parameters, ...given });

/** What the version was trained to be: the checksums of its files. */
async function artefactsOf(split: Split, given: Partial<Parameters<typeof evaluateSplit>[0]> = {}): Promise<unknown> {
  let artefacts: unknown;
  await run(split, {
    ...given,
    async openRankers(folder) {
      artefacts = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')).artefacts;
      return openHere(folder);
    },
  });
  return artefacts;
}

const world = plant({ users: 90, items: 60, groups: 3, eventsPerUser: 14 });
const figure = (report: EvaluationReport, model: string, name: string) => {
  const row = report.models.find((one) => one.name === model);
  return row?.metrics[name]?.mean ?? Number.NaN;
};

describe('an evaluation of a planted world', () => {
  it('by time: who learns what belongs together is far ahead of popularity; the same on threads and with the same seed', async () => {
    const split = temporal(tableOf(world));
    const report = await run(split);
    expect(report).toMatchObject({ protocol: 'temporal', seed: 3, version: null, ranker: 'learned' });
    expect(report.models.map(({ name }) => name)).toEqual([
      'popularity',
      'item-kNN',
      'ALS',
      'spectral',
      'graph',
      'filter',
      'sequence',
      'content',
      'full',
    ]);
    expect(report.counts.people).toBe(split.people.length);
    for (const model of ['item-kNN', 'ALS', 'spectral', 'graph', 'full']) {
      // Of 20 items of the own group at least 6 are unseen, so that all that is right fits among the first 20.
      expect(figure(report, model, 'recall@20')).toBeGreaterThan(0.95);
      expect(figure(report, 'popularity', 'ndcg@10')).toBeLessThan(0.6 * figure(report, model, 'ndcg@10'));
    }
    for (const { metrics } of report.models) {
      for (const { mean, low, high } of Object.values(metrics)) {
        expect(low).toBeLessThanOrEqual(mean);
        expect(high).toBeGreaterThanOrEqual(mean);
      }
    }
    const full = report.models.at(-1);
    expect(full?.lists.calibrationError).toBeLessThan(0.2);
    expect(full?.lists.intraListDiversity).toBeGreaterThan(0);
    expect(report.models[0]?.lists.calibrationError).toBeNull();
    expect(report.leads[0]?.all.low).toBeGreaterThan(0.5);

    expect(await run(split, { openRankers: (folder) => openRankThreads(folder, 3), threads: 2 })).toEqual(report);
    expect(await run(split, { seed: 4 })).not.toEqual(report);
  });

  it('by the last item of each person', async () => {
    const report = await run(leaveLastOne(tableOf(world)));
    expect(report.counts).toMatchObject({ people: 90, right: 90, slices: { 'known people': 90, 'new people': 0 } });
    expect(figure(report, 'full', 'hr@20')).toBeGreaterThan(0.95);
    expect(figure(report, 'full', 'hr@10')).toBe(figure(report, 'full', 'recall@10'));
    // One list cannot tell what a person would have taken to besides.
    expect(report.models.at(-1)?.lists.calibrationError).toBeNull();
  });

  it('by two files, without times or anything known of the items: the ranker learns from a hold-out', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'curio-files-'));
    try {
      const lines = (part: 0 | 1) =>
        Array.from({ length: 40 }, (_, user) => {
          const own = Array.from({ length: 20 }, (_, at) => 2 * at + (user % 2));
          return [user, ...own.filter((item) => (((item >> 1) + user) % 4 === 0) === (part === 1))].join(' ');
        }).join('\n');
      const [train, test] = [path.join(folder, 'train.txt'), path.join(folder, 'test.txt')];
      await writeFile(train, lines(0));
      await writeFile(test, lines(1));
      const report = await run(await files(train, test));
      expect(report).toMatchObject({ protocol: 'files', ranker: 'learned', until: null });
      expect(figure(report, 'full', 'recall@20')).toBe(1);
      expect(figure(report, 'full', 'ndcg@20')).toBeGreaterThan(0.95);
      expect(report.models.at(-1)?.lists.intraListDiversity).toBeNull();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('what is held out', () => {
  const cut = START + 60 * DAY_MS;
  const before = world.events.filter(({ occurredAt }) => occurredAt < cut);
  const after = world.events.filter(({ occurredAt }) => occurredAt >= cut);
  /** A future that would be easy to recognise: everyone takes to the same item. */
  const planted: PlantedEvent[] = Array.from({ length: 90 }, (_, user) => ({
    userId: userId(user),
    itemId: itemId(59),
    action: 'SHARE',
    value: null,
    occurredAt: cut + DAY_MS,
  }));

  it('never reaches what is trained: another future gives the same version, bit for bit', async () => {
    const one = temporal(tableOf({ ...world, events: [...before, ...after] }), cut);
    const other = temporal(tableOf({ ...world, events: [...before, ...planted] }), cut);
    const artefacts = await artefactsOf(one);
    expect(await artefactsOf(other)).toEqual(artefacts);
    const tuning = { trials: 70 };
    const tuned = await artefactsOf(one, { tuning });
    expect(await artefactsOf(other, { tuning })).toEqual(tuned);
    expect(tuned).not.toEqual(artefacts);
    // The same acts a moment earlier are known, and do change it.
    const leaked = planted.map((event) => ({ ...event, occurredAt: cut - 1 }));
    const told = temporal(tableOf({ ...world, events: [...before, ...leaked, ...after] }), cut);
    expect(await artefactsOf(told)).not.toEqual(artefacts);
  });

  it('is ranked by what was known: an item that is popular only later is not found by popularity', async () => {
    const report = await run(temporal(tableOf({ ...world, events: [...before, ...planted] }), cut));
    const popular = [...before].filter(({ itemId: id }) => id === itemId(59)).length;
    expect(popular).toBeLessThan(20);
    expect(figure(report, 'popularity', 'mrr@20')).toBeLessThan(0.5);
  });
});

describe('a model that cheats', () => {
  const split = leaveLastOne(tableOf(world));
  const answering = (items: (seen: ReadonlySet<number>) => number[]) => async (folder: string) => {
    const { snapshot, dispose } = await loadVersion(folder);
    const cheat = {
      name: 'cheat',
      rank: ({ seen }: { seen: ReadonlySet<number> }) => ({ items: Int32Array.from(items(seen)), probabilities: null }),
    };
    return { ...localRankers(snapshot, [cheat]), dispose };
  };

  it('by naming what the person has seen, or an item twice, is refused', async () => {
    const seen = run(split, { openRankers: answering((known) => [...known].slice(0, 1)) });
    await expect(seen).rejects.toThrow('which the person has seen');
    await expect(run(split, { openRankers: answering(() => [5, 5]) })).rejects.toThrow('cheat ranked an item twice');
  });
});

it('refuses to judge by nothing', async () => {
  const split = leaveLastOne(tableOf({ ...world, events: world.events.slice(0, 1) }));
  await expect(run(split)).rejects.toThrow('There is nobody to judge by');
});
