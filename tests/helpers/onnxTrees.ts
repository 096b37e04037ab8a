import type { NodeTree } from '../../src/kernels/scorer.js';
import {
  floatsAttribute,
  intAttribute,
  intsAttribute,
  ML_DOMAIN,
  node,
  onnxModel,
  textAttribute,
  textsAttribute,
} from '../../src/learning/export/onnx.js';
import type { Field } from '../../src/learning/export/protobuf.js';

export interface ForeignTrees {
  readonly trees: readonly NodeTree[];
  /** @default BRANCH_LEQ */
  readonly mode?: string;
  /** @default NONE */
  readonly transform?: string;
  readonly base?: number;
  /** What a NaN does: 1 sends it to the left. @default 0 */
  readonly missingLeft?: number;
}

/** Trees of any shape as other trainers export them: ids out of order, one TreeEnsembleRegressor and nothing else. */
export function foreignTrees(features: readonly string[], options: ForeignTrees): Uint8Array {
  return onnxModel('foreign', features, [foreignNode('probability', options)], true);
}

export function foreignNode(output: string, options: ForeignTrees): Field {
  const { trees, mode = 'BRANCH_LEQ', transform = 'NONE', base = 0, missingLeft = 0 } = options;
  const nodes = trees.flatMap(({ features, thresholds, left, right, values }, tree) => {
    // The root keeps its place at the front; the ids of the others count down.
    const idOf = (at: number) => (at === 0 ? 0 : features.length - at);
    return Array.from(features, (feature, at) => ({
      tree,
      id: idOf(at),
      feature,
      threshold: thresholds[at] ?? 0,
      left: idOf(left[at] ?? 0),
      right: idOf(right[at] ?? 0),
      value: values[at] ?? 0,
    }));
  });
  const leaves = nodes.filter(({ feature }) => feature < 0);
  const ints = (name: string, values: readonly number[]) => intsAttribute(name, values);
  const attributes = [
    textAttribute('post_transform', transform),
    floatsAttribute('base_values', Float32Array.of(base)),
    intAttribute('n_targets', 1),
    ints(
      'nodes_treeids',
      nodes.map(({ tree }) => tree),
    ),
    ints(
      'nodes_nodeids',
      nodes.map(({ id }) => id),
    ),
    textsAttribute(
      'nodes_modes',
      nodes.map(({ feature }) => (feature < 0 ? 'LEAF' : mode)),
    ),
    ints(
      'nodes_featureids',
      nodes.map(({ feature }) => Math.max(0, feature)),
    ),
    floatsAttribute(
      'nodes_values',
      Float32Array.from(nodes, ({ threshold }) => threshold),
    ),
    ints(
      'nodes_truenodeids',
      nodes.map(({ feature, left }) => (feature < 0 ? 0 : left)),
    ),
    ints(
      'nodes_falsenodeids',
      nodes.map(({ feature, right }) => (feature < 0 ? 0 : right)),
    ),
    ints(
      'nodes_missing_value_tracks_true',
      nodes.map(() => missingLeft),
    ),
    ints(
      'target_treeids',
      leaves.map(({ tree }) => tree),
    ),
    ints(
      'target_nodeids',
      leaves.map(({ id }) => id),
    ),
    ints(
      'target_ids',
      leaves.map(() => 0),
    ),
    floatsAttribute(
      'target_weights',
      Float32Array.from(leaves, ({ value }) => value),
    ),
  ];
  return node('TreeEnsembleRegressor', ['features'], output, attributes, ML_DOMAIN);
}
