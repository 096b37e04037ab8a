import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import { createScorer, type ScoringModel } from '../../../src/kernels/scorer.js';
import { onGrid, randomNodeTree, randomSymmetricTree } from '../../helpers/trees.js';
import { linked, scoreRow } from './reference.js';

const CURVE = {
  lowest: 0.01,
  knots: Float32Array.of(-2, -0.5, 0, 1.5),
  widths: Float32Array.of(1.5, 0.5, 1.5, 2),
  slopes: Float32Array.of(0.01, 0.1, 0.2, 0.05),
};

const shapes = fc.record({
  width: fc.integer({ min: 1, max: 45 }),
  rows: fc.constantFrom(0, 1, 3, 16, 17, 500, 1024, 1025, 2600),
  symmetric: fc.integer({ min: 0, max: 12 }),
  nodes: fc.integer({ min: 0, max: 12 }),
  depth: fc.integer({ min: 0, max: 8 }),
  link: fc.constantFrom<ScoringModel['link']>('identity', 'logistic', CURVE),
  seed: fc.integer(),
});

describe('createScorer', () => {
  it('says what the reference says, for any shape, rows on a threshold too', () => {
    fc.assert(
      fc.property(shapes, ({ width, rows, symmetric, nodes, depth, link, seed }) => {
        const random = seededRandom(seed);
        const model: ScoringModel = {
          weights: Float32Array.from({ length: width }, () => 0.2 * normal(random)),
          bias: Math.fround(normal(random)),
          symmetricTrees: Array.from({ length: symmetric }, () => randomSymmetricTree(random, width, depth)),
          nodeTrees: Array.from({ length: nodes }, () => randomNodeTree(random, width, depth)),
          link,
        };
        const matrix = Float32Array.from({ length: rows * width }, () => onGrid(random));
        const scores = createScorer(model).score(matrix, rows);
        expect(scores).toHaveLength(rows);
        for (let row = 0; row < rows; row++) {
          const expected = linked(link, scoreRow(model, matrix.subarray(row * width, (row + 1) * width)));
          expect(Math.abs((scores[row] ?? Number.NaN) - expected)).toBeLessThanOrEqual(2e-5);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('sends NaN to the right, in both kinds of tree', () => {
    const symmetric = { features: Int32Array.of(1), thresholds: Float32Array.of(5), values: Float32Array.of(1, 2) };
    const node = {
      features: Int32Array.of(1, -1, -1),
      thresholds: Float32Array.of(5, 0, 0),
      left: Int32Array.of(1, -1, -1),
      right: Int32Array.of(2, -1, -1),
      values: Float32Array.of(0, 10, 20),
    };
    // A feature without a weight is read by trees alone.
    const { score } = createScorer({
      weights: Float32Array.of(1, 0),
      bias: 0,
      symmetricTrees: [symmetric],
      nodeTrees: [node],
      link: 'identity',
    });
    expect(Array.from(score(Float32Array.of(0, 5, 0, 6, 0, Number.NaN), 3))).toEqual([11, 22, 22]);
  });

  it('keeps nothing from call to call, and refuses another shape', () => {
    const { score } = createScorer({
      weights: Float32Array.of(1, 2),
      bias: 0.5,
      symmetricTrees: [],
      nodeTrees: [],
      link: 'identity',
    });
    const many = Float32Array.from({ length: 4000 }, (_, at) => at);
    const first = score(many, 2000);
    expect(Array.from(score(Float32Array.of(1, 1), 1))).toEqual([3.5]);
    expect(score(many, 2000)).toEqual(first);
    expect(() => score(Float32Array.of(1, 1, 1), 1)).toThrow('3 numbers are not 1 rows of 2 features');
  });
});
