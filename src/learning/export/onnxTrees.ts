import type { Calibration } from '../trainers/isotonic.js';
import type { Tree, TreeEnsemble } from '../trainers/trees/ensemble.js';
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
 * The calibration with knots x and values y is y₀ + Σ slope_k · min(max(score − x_k, 0), x_{k+1} − x_k). Thresholds, leaves
 * and knots are float32 already, so every row takes the branch it took in training.
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

function ensembleNode(trees: readonly Tree[]): Field {
  const nodes = trees.flatMap((tree, treeId) =>
    Array.from(tree.features, (feature, nodeId) => ({
      treeId,
      nodeId,
      feature,
      threshold: tree.thresholds[nodeId] ?? 0,
      left: tree.left[nodeId] ?? 0,
      right: tree.right[nodeId] ?? 0,
      value: tree.values[nodeId] ?? 0,
    })),
  );
  const leaves = nodes.filter(({ feature }) => feature < 0);
  // A leaf has neither feature nor children; the format wants a number there all the same.
  const inner = (value: number) => Math.max(0, value);
  const attributes = [
    intAttribute('n_targets', 1),
    textAttribute('aggregate_function', 'SUM'),
    textAttribute('post_transform', 'NONE'),
    intsAttribute(
      'nodes_treeids',
      nodes.map(({ treeId }) => treeId),
    ),
    intsAttribute(
      'nodes_nodeids',
      nodes.map(({ nodeId }) => nodeId),
    ),
    textsAttribute(
      'nodes_modes',
      nodes.map(({ feature }) => (feature < 0 ? 'LEAF' : 'BRANCH_LEQ')),
    ),
    intsAttribute(
      'nodes_featureids',
      nodes.map(({ feature }) => inner(feature)),
    ),
    floatsAttribute(
      'nodes_values',
      Float32Array.from(nodes, ({ threshold }) => threshold),
    ),
    intsAttribute(
      'nodes_truenodeids',
      nodes.map(({ left }) => inner(left)),
    ),
    intsAttribute(
      'nodes_falsenodeids',
      nodes.map(({ right }) => inner(right)),
    ),
    intsAttribute(
      'target_treeids',
      leaves.map(({ treeId }) => treeId),
    ),
    intsAttribute(
      'target_nodeids',
      leaves.map(({ nodeId }) => nodeId),
    ),
    intsAttribute(
      'target_ids',
      leaves.map(() => 0),
    ),
    floatsAttribute(
      'target_weights',
      Float32Array.from(leaves, ({ value }) => value),
    ),
  ];
  return node('TreeEnsembleRegressor', ['features'], 'leaves', attributes, ML_DOMAIN);
}

function calibrationNodes({ scores, probabilities }: Calibration): Field[] {
  const count = scores.length - 1;
  const widths = Float32Array.from({ length: count }, (_, k) => (scores[k + 1] ?? 0) - (scores[k] ?? 0));
  const slopes = widths.map((wide, k) => ((probabilities[k + 1] ?? 0) - (probabilities[k] ?? 0)) / wide);
  return [
    node('Sub', ['score', 'knots'], 'offsets'),
    node('Relu', ['offsets'], 'beyond'),
    node('Min', ['beyond', 'widths'], 'within'),
    node('MatMul', ['within', 'slopes'], 'risen'),
    node('Add', ['risen', 'lowest'], 'probability'),
    tensor('knots', [1, count], scores.slice(0, count)),
    tensor('widths', [1, count], widths),
    tensor('slopes', [count, 1], slopes),
    tensor('lowest', [1], probabilities.slice(0, 1)),
  ];
}
