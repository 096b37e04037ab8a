import { node, tensor } from '../../src/learning/export/onnx.js';
import { concat, type Field, message, text, uint } from '../../src/learning/export/protobuf.js';

// Numbers of fields and types are those of onnx.proto3.
const FLOAT = 1;
const INT64 = 7;
const STRING = 8;

/** A model that looks pieces up: `input_ids` and `attention_mask` (texts × pieces) → `hidden` (texts × pieces × dimensions). */
export function bertLike(vocabulary: number, embeddings: readonly number[]): Uint8Array {
  return model(
    [
      tensor('embeddings', [vocabulary, embeddings.length / vocabulary], Float32Array.from(embeddings)),
      node('Gather', ['embeddings', 'input_ids'], 'hidden'),
    ],
    [input('input_ids', INT64, ['texts', 'pieces']), input('attention_mask', INT64, ['texts', 'pieces'])],
    output('hidden', ['texts', 'pieces', 'dimensions']),
  );
}

/** A model of strings: `text` (texts) → `embedding` (texts × words), 1 where a text is that word. */
export function oneHotTexts(words: readonly string[]): Uint8Array {
  const keys = message(5, text(1, 'keys_strings'), ...words.map((word) => text(9, word)), uint(20, 8));
  const values = message(5, text(1, 'values_int64s'), ...words.map((_, at) => uint(8, at)), uint(20, 7));
  const otherwise = message(5, text(1, 'default_int64'), uint(3, words.length), uint(20, 2));
  const identity = Float32Array.from({ length: (words.length + 1) * words.length }, (_, at) => {
    const row = Math.floor(at / words.length);
    return row === at % words.length ? 1 : 0;
  });
  return model(
    [
      tensor('rows', [words.length + 1, words.length], identity),
      node('LabelEncoder', ['text'], 'places', [keys, values, otherwise], 'ai.onnx.ml'),
      node('Gather', ['rows', 'places'], 'embedding'),
    ],
    [input('text', STRING, ['texts'])],
    output('embedding', ['texts', 'words']),
  );
}

function model(body: readonly Field[], inputs: readonly Field[], out: Field): Uint8Array {
  return concat([
    uint(1, 8),
    message(7, ...body, text(2, 'encoder'), ...inputs, out),
    message(8, text(1, ''), uint(2, 13)),
    message(8, text(1, 'ai.onnx.ml'), uint(2, 3)),
  ]);
}

const value = (field: number, name: string, type: number, shape: readonly string[]): Field =>
  message(
    field,
    text(1, name),
    message(2, message(1, uint(1, type), message(2, ...shape.map((size) => message(1, text(2, size)))))),
  );
const input = (name: string, type: number, shape: readonly string[]) => value(11, name, type, shape);
const output = (name: string, shape: readonly string[]) => value(12, name, FLOAT, shape);
