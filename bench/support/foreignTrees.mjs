// Trees as other trainers export them, each node with a question of its own: nothing in src writes such a file.
import {
  floatsAttribute,
  intAttribute,
  intsAttribute,
  ML_DOMAIN,
  node,
  onnxModel,
  textsAttribute,
} from '../../dist/learning/export/onnx.js';

/** `count` full trees of `depth` levels with features and thresholds drawn by `random`. */
export function foreignTrees({ names, count, depth, random }) {
  const inner = 2 ** depth - 1;
  const nodes = Array.from({ length: count * (2 * inner + 1) }, (_, at) => {
    const id = at % (2 * inner + 1);
    const leaf = id >= inner;
    return {
      tree: Math.floor(at / (2 * inner + 1)),
      id,
      leaf,
      feature: leaf ? 0 : Math.floor(random() * names.length),
      value: leaf ? 0.002 * random() : random(),
    };
  });
  const leaves = nodes.filter(({ leaf }) => leaf);
  const ints = (name, of, value) => intsAttribute(name, of.map(value));
  const attributes = [
    intAttribute('n_targets', 1),
    ints('nodes_treeids', nodes, ({ tree }) => tree),
    ints('nodes_nodeids', nodes, ({ id }) => id),
    textsAttribute(
      'nodes_modes',
      nodes.map(({ leaf }) => (leaf ? 'LEAF' : 'BRANCH_LEQ')),
    ),
    ints('nodes_featureids', nodes, ({ feature }) => feature),
    floatsAttribute(
      'nodes_values',
      Float32Array.from(nodes, ({ leaf, value }) => (leaf ? 0 : value)),
    ),
    ints('nodes_truenodeids', nodes, ({ leaf, id }) => (leaf ? 0 : 2 * id + 1)),
    ints('nodes_falsenodeids', nodes, ({ leaf, id }) => (leaf ? 0 : 2 * id + 2)),
    ints('target_treeids', leaves, ({ tree }) => tree),
    ints('target_nodeids', leaves, ({ id }) => id),
    ints('target_ids', leaves, () => 0),
    floatsAttribute(
      'target_weights',
      Float32Array.from(leaves, ({ value }) => value),
    ),
  ];
  const ensemble = node('TreeEnsembleRegressor', ['features'], 'probability', attributes, ML_DOMAIN);
  return onnxModel('foreign trees', names, [ensemble], true);
}
