import { describe, expect, it } from 'vitest';
import { openPool } from '../../src/kernels/pool.js';
import { readLearningData } from '../../src/learning/examples/eventColumns.js';
import { TRAINING_DEFAULTS } from '../../src/learning/train.js';
import { trainRanker } from '../../src/learning/trainRanker.js';
import { buildItemTable } from '../../src/registry/itemTable.js';
import { FILMS, filmsPresent, readFilms } from './films.js';
import { portsOf } from './planted.js';

if (!filmsPresent) console.warn(`Skipped: the ranker on films needs MovieLens latest-small in ${FILMS}.`);

describe.skipIf(!filmsPresent)('the ranker on films', () => {
  it('orders later lists better than any feature alone, and promises what comes true', async () => {
    const world = await readFilms();
    const data = await readLearningData({ tenant: 'films', ...portsOf(world), until: Number.POSITIVE_INFINITY });
    const pool = openPool({ threads: 2 });
    const ranker = await trainRanker({
      items: buildItemTable(data.catalogue, data.positives),
      events: data.events,
      sources: TRAINING_DEFAULTS,
      parameters: TRAINING_DEFAULTS.ranker,
      seed: 1,
      pool,
      onProgress: () => {},
    });
    await pool.dispose();
    const metrics = ranker?.metrics ?? {};
    for (const [name, value] of Object.entries(metrics)) console.log(`${name.padEnd(34)} ${value.toFixed(4)}`);
    const ndcg = metrics['ranker.ndcg10'] ?? 0;
    for (const [name, value] of Object.entries(metrics)) {
      if (/ndcg10Of(?!Logistic|Trees)/.test(name)) expect(ndcg, name).toBeGreaterThan(value);
    }
    // Where trees do not win, they at least do no harm: they stand on the logistic regression.
    expect(metrics['ranker.ndcg10OfTrees']).toBeGreaterThan(0.9 * (metrics['ranker.ndcg10OfLogistic'] ?? 1));
    for (const kind of ['', 'OfTrees', 'OfLogistic']) {
      expect(metrics[`ranker.logLoss${kind}`]).toBeLessThan(metrics['ranker.logLossOfRate'] ?? 0);
      expect(metrics[`ranker.calibrationError${kind}`]).toBeLessThan(0.005);
    }
  }, 120_000);
});
