import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/domain/random.js';
import { type CovisitJob, covisits, type Visits } from '../../../src/kernels/covisits.js';
import { type KernelPool, openPool } from '../../../src/kernels/pool.js';
import { covisits as reference } from './reference.js';

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

interface Visit {
  readonly item: number;
  readonly weight: number;
  readonly place: number;
}

function visits(rows: readonly (readonly (Omit<Visit, 'item'> & { column: number })[])[]): Visits {
  const offsets = [0];
  for (const row of rows) offsets.push((offsets.at(-1) ?? 0) + row.length);
  const flat = rows.flat();
  return {
    offsets: Int32Array.from(offsets),
    columns: Int32Array.from(flat, (visit) => visit.column),
    weights: Float32Array.from(flat, (visit) => visit.weight),
    places: Int32Array.from(flat, (visit) => visit.place),
  };
}

describe('covisits', () => {
  it('finds the neighbours of the dense reference, on any number of threads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 0, max: 25 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer(),
        async (items, people, width, seed) => {
          const random = seededRandom(seed);
          const histories = Array.from({ length: people }, () => {
            const met = new Map<number, Visit>();
            for (let n = Math.floor(random() * 8); n > 0; n--) {
              const item = Math.floor(random() * items);
              met.set(item, { item, weight: Math.fround(0.1 + random()), place: Math.floor(random() * 9) });
            }
            return [...met.values()];
          });
          const norms = () => Float32Array.from({ length: items }, () => 1 + 2 * random());
          const job: CovisitJob = {
            byPerson: visits(
              histories.map((history) => history.map(({ item, ...rest }) => ({ ...rest, column: item }))),
            ),
            byItem: visits(
              Array.from({ length: items }, (_, item) =>
                histories.flatMap((history, person) =>
                  history.filter((visit) => visit.item === item).map((visit) => ({ ...visit, column: person })),
                ),
              ),
            ),
            rowNorms: norms(),
            columnNorms: norms(),
            decay: Float32Array.of(1, 0.5, 0.25),
            shrinkage: random(),
            width,
          };
          const dense = reference(histories, items, job.rowNorms, job.columnNorms, job.decay, job.shrinkage);
          const found = await covisits(one, job);
          for (let item = 0; item < items; item++) {
            const row = dense.subarray(item * items, (item + 1) * items);
            const best = Array.from(row)
              .filter((value) => value > 0)
              .sort((a, b) => b - a)
              .slice(0, width);
            expect(found.counts[item]).toBe(best.length);
            for (const [rank, value] of best.entries()) {
              const at = item * width + rank;
              expect(found.values[at]).toBeCloseTo(value, 4);
              expect(row[found.columns[at] ?? 0]).toBeCloseTo(value, 4);
            }
          }
          expect(await covisits(three, job)).toEqual(found);
        },
      ),
      { numRuns: 40 },
    );
  });
});
