import type { SymmetricTree } from '../../kernels/scorer.js';
import type { Calibration } from '../trainers/isotonic.js';
import { toCurve } from '../trainers/isotonic.js';
import type { TreeEnsemble } from '../trainers/trees/ensemble.js';
import {
  floatsAttribute,
  intAttribute,
  intsAttribute,
  ML_DOMAIN,
  node,
  onnxModel,
  tensor,
  textAttribute,
  textsAttribute,
} from './onnx.js';
import type { Field } from './protobuf.js';

/**
 * The ranker as ONNX, opsets ai.onnx 13 and ai.onnx.ml 3:
 *
 *     features → TreeEnsembleRegressor ┐
 *     features → MatMul → Add ─────────┴→ Add → score → calibration → `probability` (rows × 1)
 *
 * The calibration is lowest + Σ slope_k · min(max(score − knot_k, 0), width_k). Thresholds, leaves and knots are float32
 * already, so every row takes the branch it took in training.
 */
export function treesToOnnx(
  { base, trees }: TreeEnsemble,
  calibration: Calibration,
  features: readonly string[],
): Uint8Array {
  const width = base.weights.length;
  const linear = trees.length === 0 ? 'score' : 'linear';
  const body = [
    node('MatMul', ['features', 'weights'], 'products'),
    node('Add', ['products', 'bias'], linear),
    ...(trees.length === 0 ? [] : [ensembleNode(trees), node('Add', ['linear', 'leaves'], 'score')]),
    tensor('weights', [width, 1], Float32Array.from(base.weights)),
    tensor('bias', [1], Float32Array.of(base.bias)),
    ...calibrationNodes(calibration),
  ];
  return onnxModel('tree ranker', features, body, true);
}

interface TreeNode {
  readonly tree: number;
  readonly node: number;
  /** Below zero in a leaf. */
  readonly feature: number;
  readonly threshold: number;
  readonly value: number;
}

/** The nodes of a table, level by level: the children of node n are 2n + 1 and 2n + 2. */
function nodesOf({ features, thresholds, values }: SymmetricTree, tree: number): TreeNode[] {
  const inner = Array.from(features).flatMap((feature, level) =>
    Array.from({ length: 2 ** level }, (_, place) => ({
      tree,
      node: 2 ** level - 1 + place,
      feature,
      threshold: thresholds[level] ?? 0,
      value: 0,
    })),
  );
  const leaves = Array.from(values, (value, place) => ({
    tree,
    node: values.length - 1 + place,
    feature: -1,
    threshold: 0,
    value,
  }));
  return [...inner, ...leaves];
}

function ensembleNode(trees: readonly SymmetricTree[]): Field {
  const nodes = trees.flatMap(nodesOf);
  const leaves = nodes.filter(({ feature }) => feature < 0);
  const ints = (name: string, of: readonly TreeNode[], value: (node: TreeNode) => number) =>
    intsAttribute(name, of.map(value));
  const floats = (name: string, of: readonly TreeNode[], value: (node: TreeNode) => number) =>
    floatsAttribute(name, Float32Array.from(of, value));
  // A leaf has neither feature nor children; the format wants a number there all the same.
  const child = (right: number) => (parent: TreeNode) => (parent.feature < 0 ? 0 : 2 * parent.node + 1 + right);
  const attributes = [
    intAttribute('n_targets', 1),
    textAttribute('aggregate_function', 'SUM'),
    textAttribute('post_transform', 'NONE'),
    ints('nodes_treeids', nodes, ({ tree }) => tree),
    ints('nodes_nodeids', nodes, (own) => own.node),
    textsAttribute(
      'nodes_modes',
      nodes.map(({ feature }) => (feature < 0 ? 'LEAF' : 'BRANCH_LEQ')),
    ),
    ints('nodes_featureids', nodes, ({ feature }) => Math.max(0, feature)),
    floats('nodes_values', nodes, ({ threshold }) => threshold),
    ints('nodes_truenodeids', nodes, child(0)),
    ints('nodes_falsenodeids', nodes, child(1)),
    ints('target_treeids', leaves, ({ tree }) => tree),
    ints('target_nodeids', leaves, (own) => own.node),
    ints('target_ids', leaves, () => 0),
    floats('target_weights', leaves, ({ value }) => value),
  ];
  return node('TreeEnsembleRegressor', ['features'], 'leaves', attributes, ML_DOMAIN);
}

function calibrationNodes(calibration: Calibration): Field[] {
  const { lowest, knots, widths, slopes } = toCurve(calibration);
  return [
    node('Sub', ['score', 'knots'], 'offsets'),
    node('Relu', ['offsets'], 'beyond'),
    node('Min', ['beyond', 'widths'], 'within'),
    node('MatMul', ['within', 'slopes'], 'risen'),
    node('Add', ['risen', 'lowest'], 'probability'),
    tensor('knots', [1, knots.length], knots),
    tensor('widths', [1, knots.length], widths),
    tensor('slopes', [knots.length, 1], slopes),
    tensor('lowest', [1], Float32Array.of(lowest)),
  ];
}
