import type { NodeTree, SymmetricTree } from '../../kernels/scorer.js';
import type { GraphNode } from './onnxGraph.js';

/** Attributes that say what our trees do anyway, with the only value each may have. */
const ONLY = new Map<string, string | number>([
  ['n_targets', 1],
  ['aggregate_function', 'SUM'],
  ['post_transform', 'NONE'],
]);
const KNOWN = new Set([
  ...ONLY.keys(),
  'base_values',
  'nodes_falsenodeids',
  'nodes_featureids',
  'nodes_hitrates',
  'nodes_missing_value_tracks_true',
  'nodes_modes',
  'nodes_nodeids',
  'nodes_treeids',
  'nodes_truenodeids',
  'nodes_values',
  'target_ids',
  'target_nodeids',
  'target_treeids',
  'target_weights',
]);

/** The trees of a TreeEnsembleRegressor (ai.onnx.ml, opsets 1 to 3) with one target, and what is added to their sum. */
export interface ReadTrees {
  readonly bias: number;
  readonly trees: readonly NodeTree[];
}

interface RawNode {
  readonly mode: string;
  readonly feature: number;
  readonly threshold: number;
  readonly left: number;
  readonly right: number;
}

/** Null where the node does something that our trees do not. */
export function readTrees({ operator, domain, attributes }: GraphNode): ReadTrees | null {
  if (operator !== 'TreeEnsembleRegressor' || domain !== 'ai.onnx.ml') return null;
  for (const [name, { texts, integers }] of attributes) {
    if (!KNOWN.has(name) || (ONLY.has(name) && ONLY.get(name) !== (texts[0] ?? integers[0]))) return null;
  }
  const integers = (name: string) => attributes.get(name)?.integers ?? [];
  const floats = (name: string) => attributes.get(name)?.floats ?? [];
  if ([...integers('nodes_missing_value_tracks_true'), ...integers('target_ids')].some((value) => value !== 0)) {
    return null;
  }
  const raw = new Map<number, Map<number, RawNode>>();
  const modes = attributes.get('nodes_modes')?.texts ?? [];
  for (const [at, tree] of integers('nodes_treeids').entries()) {
    const nodes = raw.get(tree) ?? new Map<number, RawNode>();
    raw.set(tree, nodes);
    nodes.set(integers('nodes_nodeids')[at] ?? -1, {
      mode: modes[at] ?? '',
      feature: integers('nodes_featureids')[at] ?? -1,
      threshold: floats('nodes_values')[at] ?? 0,
      left: integers('nodes_truenodeids')[at] ?? -1,
      right: integers('nodes_falsenodeids')[at] ?? -1,
    });
  }
  const values = new Map<string, number>();
  for (const [at, tree] of integers('target_treeids').entries()) {
    const key = `${tree} ${integers('target_nodeids')[at]}`;
    values.set(key, (values.get(key) ?? 0) + (floats('target_weights')[at] ?? 0));
  }
  const trees: NodeTree[] = [];
  for (const [id, nodes] of raw) {
    const tree = toTree(nodes, (node) => values.get(`${id} ${node}`) ?? 0);
    if (tree === null) return null;
    trees.push(tree);
  }
  return { bias: floats('base_values')[0] ?? 0, trees };
}

/** Numbers the nodes from the root, which is the first named, parents first. Null for what is no tree. */
function toTree(nodes: ReadonlyMap<number, RawNode>, leafOf: (node: number) => number): NodeTree | null {
  const order: number[] = [...nodes.keys()].slice(0, 1);
  const place = new Map(order.map((node, at) => [node, at]));
  const found: { feature: number; threshold: number; left: number; right: number; value: number }[] = [];
  for (const id of order) {
    const node = nodes.get(id);
    if (node === undefined) return null;
    if (node.mode === 'LEAF') {
      found.push({ feature: -1, threshold: 0, left: -1, right: -1, value: leafOf(id) });
      continue;
    }
    if ((node.mode !== 'BRANCH_LEQ' && node.mode !== 'BRANCH_LT') || node.feature < 0) return null;
    for (const child of [node.left, node.right]) {
      if (place.has(child)) return null;
      place.set(child, order.length);
      order.push(child);
    }
    found.push({
      feature: node.feature,
      threshold: node.mode === 'BRANCH_LEQ' ? node.threshold : below(node.threshold),
      left: place.get(node.left) ?? -1,
      right: place.get(node.right) ?? -1,
      value: 0,
    });
  }
  return {
    features: Int32Array.from(found, ({ feature }) => feature),
    thresholds: Float32Array.from(found, ({ threshold }) => threshold),
    left: Int32Array.from(found, ({ left }) => left),
    right: Int32Array.from(found, ({ right }) => right),
    values: Float32Array.from(found, ({ value }) => value),
  };
}

/** The largest float32 below a value: x < t says the same as x ≤ below(t). */
function below(value: number): number {
  const bits = new Int32Array(Float32Array.of(value).buffer);
  const [pattern = 0] = bits;
  if (value === 0) return -(2 ** -149);
  bits[0] = value > 0 ? pattern - 1 : pattern + 1;
  return new Float32Array(bits.buffer)[0] ?? 0;
}

/** Deeper ones are cheaper to walk than to lay out. */
const MOST_LEVELS = 10;

/** The tree as a table, when all its nodes of a level ask the same and all its leaves are of one level. */
export function toSymmetric({ features, thresholds, left, right, values }: NodeTree): SymmetricTree | null {
  const levels: { feature: number; threshold: number }[] = [];
  let nodes = [0];
  while (nodes.some((node) => (features[node] ?? -1) >= 0)) {
    const feature = features[nodes[0] ?? 0] ?? -1;
    const threshold = thresholds[nodes[0] ?? 0] ?? 0;
    if (levels.length === MOST_LEVELS) return null;
    if (nodes.some((node) => features[node] !== feature || thresholds[node] !== threshold)) return null;
    levels.push({ feature, threshold });
    nodes = nodes.flatMap((node) => [left[node] ?? 0, right[node] ?? 0]);
  }
  return {
    features: Int32Array.from(levels, ({ feature }) => feature),
    thresholds: Float32Array.from(levels, ({ threshold }) => threshold),
    values: Float32Array.from(nodes, (node) => values[node] ?? 0),
  };
}
