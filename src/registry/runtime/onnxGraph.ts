import {
  bytesOf,
  floatsOf,
  integersOf,
  messagesOf,
  type ReadField,
  readFloats,
  readMessage,
  textsOf,
} from './protobufReader.js';

// Numbers of fields and types are those of onnx.proto3 (github.com/onnx/onnx).
const FLOAT = 1;

export interface GraphNode {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** What an attribute holds; empty where it holds something else. */
export interface Attribute {
  readonly integers: readonly number[];
  readonly floats: readonly number[];
  readonly texts: readonly string[];
}

/** A constant of 32-bit floats. */
export interface Constant {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The graph of an ONNX model, as far as plain rankers use it. */
export interface Graph {
  /** By the name of their first output. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly constants: ReadonlyMap<string, Constant>;
}

/** @throws RangeError when the bytes are no such model. */
export function readGraph(model: Uint8Array): Graph {
  const [graph = []] = messagesOf(readMessage(model), 7);
  const nodes = new Map<string, GraphNode>();
  for (const node of messagesOf(graph, 1)) {
    nodes.set(textsOf(node, 2)[0] ?? '', {
      operator: textsOf(node, 4)[0] ?? '',
      domain: textsOf(node, 7)[0] ?? '',
      inputs: textsOf(node, 1),
      attributes: new Map(messagesOf(node, 5).map(toAttribute)),
    });
  }
  const constants = new Map<string, Constant>();
  for (const tensor of messagesOf(graph, 5)) {
    if (integersOf(tensor, 2)[0] !== FLOAT) continue;
    const [raw] = bytesOf(tensor, 9);
    const values = raw ? readFloats(raw) : Float32Array.from(floatsOf(tensor, 4));
    constants.set(textsOf(tensor, 8)[0] ?? '', { shape: integersOf(tensor, 1), values });
  }
  return { nodes, constants };
}

function toAttribute(fields: readonly ReadField[]): [string, Attribute] {
  return [
    textsOf(fields, 1)[0] ?? '',
    {
      integers: [...integersOf(fields, 3), ...integersOf(fields, 8)],
      floats: [...floatsOf(fields, 2), ...floatsOf(fields, 7)],
      texts: [...textsOf(fields, 4), ...textsOf(fields, 9)],
    },
  ];
}
