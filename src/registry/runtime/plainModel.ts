import type { Curve, NodeTree, ScoringModel, SymmetricTree } from '../../kernels/scorer.js';
import { type Constant, type Graph, readGraph } from './onnxGraph.js';
import { readTrees, toSymmetric } from './readTrees.js';

export const INPUT = 'features';
export const OUTPUT = 'probability';

/** A sum of lines and trees, as it is read term by term. */
interface Sum {
  readonly weights: Float64Array;
  bias: number;
  readonly trees: NodeTree[];
}

/**
 * What an ONNX model computes, when it is a sum of lines and trees with a sigmoid or a piecewise line behind it:
 *
 *     MatMul(features, weights), TreeEnsembleRegressor(features) and constants, joined by Add
 *     → nothing, Sigmoid, or Add(MatMul(Min(Relu(Sub(·, knots)), widths), slopes), lowest)
 *
 * Null for every other model, and for one that cannot be read.
 */
export function readPlainModel(model: Uint8Array, width: number): ScoringModel | null {
  try {
    const graph = readGraph(model);
    const { link, score } = readLink(graph);
    const sum: Sum = { weights: new Float64Array(width), bias: 0, trees: [] };
    if (!addTerm(graph, score, sum)) return null;
    const symmetricTrees: SymmetricTree[] = [];
    const nodeTrees: NodeTree[] = [];
    for (const tree of sum.trees) {
      if (tree.features.some((feature) => feature >= width)) return null;
      const symmetric = toSymmetric(tree);
      if (symmetric) symmetricTrees.push(symmetric);
      else nodeTrees.push(tree);
    }
    return { weights: Float32Array.from(sum.weights), bias: sum.bias, symmetricTrees, nodeTrees, link };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What stands behind the sum, and the name of the sum. */
function readLink(graph: Graph): { readonly link: ScoringModel['link']; readonly score: string } {
  const sigmoid = step(graph, OUTPUT, 'Sigmoid');
  if (sigmoid) return { link: 'logistic', score: sigmoid[0] ?? '' };
  const [risen, lowest] = step(graph, OUTPUT, 'Add') ?? [];
  const [within, slopes] = step(graph, risen, 'MatMul') ?? [];
  const [beyond, widths] = step(graph, within, 'Min') ?? [];
  const [offsets] = step(graph, beyond, 'Relu') ?? [];
  const [score, knots] = step(graph, offsets, 'Sub') ?? [];
  const values = (name: string | undefined) => graph.constants.get(name ?? '')?.values ?? new Float32Array(0);
  const curve: Curve = {
    lowest: values(lowest)[0] ?? 0,
    knots: values(knots),
    widths: values(widths),
    slopes: values(slopes),
  };
  const count = curve.knots.length;
  if (score === undefined || count === 0 || curve.widths.length !== count || curve.slopes.length !== count) {
    return { link: 'identity', score: OUTPUT };
  }
  return { link: curve, score };
}

/** Inputs of the node that makes `name`, when it is a standard operator of this kind without attributes. */
function step(graph: Graph, name: string | undefined, operator: string): readonly string[] | null {
  const node = graph.nodes.get(name ?? '');
  return node?.operator === operator && node.domain === '' && node.attributes.size === 0 ? node.inputs : null;
}

/** Adds what `name` stands for to the sum; false when it is something else. */
function addTerm(graph: Graph, name: string, sum: Sum): boolean {
  const constant = graph.constants.get(name);
  if (constant) {
    sum.bias += constant.values[0] ?? 0;
    return constant.values.length === 1;
  }
  const terms = step(graph, name, 'Add');
  if (terms) return terms.every((term) => addTerm(graph, term, sum));
  const [input, weights] = step(graph, name, 'MatMul') ?? [];
  if (input === INPUT) return addLine(graph.constants.get(weights ?? ''), sum);
  const node = graph.nodes.get(name);
  const trees = node?.inputs[0] === INPUT ? readTrees(node) : null;
  if (trees === null) return false;
  sum.bias += trees.bias;
  sum.trees.push(...trees.trees);
  return true;
}

function addLine(weights: Constant | undefined, sum: Sum): boolean {
  const [rows, columns] = weights?.shape ?? [];
  if (weights === undefined || rows !== sum.weights.length || columns !== 1) return false;
  for (const [feature, weight] of weights.values.entries()) {
    sum.weights[feature] = (sum.weights[feature] ?? 0) + weight;
  }
  return true;
}
