import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { RegistryError } from '../errors.js';
import { openSession } from './session.js';
import { createWordPieces, type WordPieces } from './wordPieces.js';

/** A model that puts texts into a space where near is alike. */
export interface OnnxTextEncoder {
  /** Names what is in the file. */
  readonly name: string;
  readonly dimensions: number;
  /** Texts × dimensions, row after row, each of length 1. */
  encode(texts: readonly string[]): Promise<Float32Array>;
  /** Frees the session once the calls under way have ended. */
  dispose(): Promise<void>;
}

/** Pieces of a text that are read: what most models of sentences were trained with. */
const LONGEST = 256;
/** Texts that are encoded at once. */
const AT_ONCE = 16;

/**
 * Opens a text encoder. Either it takes strings: one input of that type, of any number of texts. Or it takes what BERT takes,
 * `input_ids` and `attention_mask` (and `token_type_ids`), int64, texts × pieces; then `vocab.txt` lies beside it. Its first
 * output is float: texts × dimensions, or texts × pieces × dimensions, of which the mean over the pieces of a text is taken.
 * @throws RegistryError when the file is no such model.
 */
export async function openTextEncoder(file: string): Promise<OnnxTextEncoder> {
  const model = await readFile(file).catch((cause: unknown) => {
    throw new RegistryError(`the text encoder ${file} cannot be read`, { cause });
  });
  const session = await openSession(model, `the text encoder ${file}`);
  const fail = async (what: string): Promise<never> => {
    await session.release();
    throw new RegistryError(`the text encoder ${file} ${what}`);
  };
  const output = session.outputNames[0] ?? '';
  const [first] = session.inputMetadata;
  const takesText = session.inputNames.length === 1 && first?.isTensor === true && first.type === 'string';
  if (!takesText && !(session.inputNames.includes('input_ids') && session.inputNames.includes('attention_mask'))) {
    return fail(
      `takes ${session.inputNames.join(', ')}: neither one input of strings nor input_ids and attention_mask`,
    );
  }
  let pieces: WordPieces | null = null;
  if (!takesText) {
    const vocabulary = path.join(path.dirname(file), 'vocab.txt');
    try {
      pieces = createWordPieces(await readFile(vocabulary, 'utf8'));
    } catch (error) {
      return fail(`needs ${vocabulary}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  const run = async (texts: readonly string[]): Promise<{ vectors: Float32Array; dimensions: number }> => {
    const tokens = pieces === null ? null : tokensOf(texts, pieces);
    const feeds =
      tokens === null
        ? { [session.inputNames[0] ?? '']: new Tensor('string', [...texts], [texts.length]) }
        : Object.fromEntries(session.inputNames.map((name) => [name, tokens.tensors.get(name) ?? tokens.zeros]));
    const answer = (await session.run(feeds))[output];
    if (answer === undefined || !(answer.data instanceof Float32Array) || answer.dims[0] !== texts.length) {
      throw new RangeError(
        `the text encoder gave ${answer?.type} of ${answer?.dims.join(' × ')} for ${texts.length} texts`,
      );
    }
    const dimensions = answer.dims.at(-1) ?? 0;
    const flat =
      answer.dims.length === 3 && tokens !== null
        ? meansOf(answer.data, dimensions, tokens.lengths, tokens.width)
        : answer.data;
    if (flat.length !== texts.length * dimensions) {
      throw new RangeError(`the text encoder gave ${flat.length} numbers for ${texts.length} texts`);
    }
    return { vectors: scaled(flat, dimensions), dimensions };
  };

  const { dimensions } = await run(['a']).catch((error: unknown) =>
    fail(`cannot encode a text: ${error instanceof Error ? error.message : String(error)}`),
  );
  const underWay = new Set<Promise<unknown>>();
  let disposed = false;
  return {
    name: createHash('sha256').update(model).digest('base64url'),
    dimensions,
    async encode(texts) {
      if (disposed) throw new Error('the text encoder has been disposed of');
      const all = new Float32Array(texts.length * dimensions);
      for (let at = 0; at < texts.length; at += AT_ONCE) {
        const part = run(texts.slice(at, at + AT_ONCE));
        underWay.add(part);
        try {
          all.set((await part).vectors, at * dimensions);
        } finally {
          underWay.delete(part);
        }
      }
      return all;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await Promise.allSettled(underWay);
      await session.release();
    },
  };
}

interface Tokens {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly zeros: Tensor;
  readonly lengths: readonly number[];
  readonly width: number;
}

/** Padded to the longest of the texts. */
function tokensOf(texts: readonly string[], pieces: WordPieces): Tokens {
  const lists = texts.map((text) => pieces.encode(text, LONGEST));
  const width = Math.max(...lists.map(({ length }) => length));
  const ids = new BigInt64Array(texts.length * width).fill(BigInt(pieces.padding));
  const mask = new BigInt64Array(texts.length * width);
  for (const [row, list] of lists.entries()) {
    for (const [at, id] of list.entries()) {
      ids[row * width + at] = BigInt(id);
      mask[row * width + at] = 1n;
    }
  }
  const tensor = (values: BigInt64Array) => new Tensor('int64', values, [texts.length, width]);
  return {
    tensors: new Map([
      ['input_ids', tensor(ids)],
      ['attention_mask', tensor(mask)],
    ]),
    zeros: tensor(new BigInt64Array(texts.length * width)),
    lengths: lists.map(({ length }) => length),
    width,
  };
}

/** Of each text the mean over its pieces, the padding left aside. */
function meansOf(values: Float32Array, dimensions: number, lengths: readonly number[], width: number): Float32Array {
  const means = new Float32Array(lengths.length * dimensions);
  for (const [row, length] of lengths.entries()) {
    for (let at = 0; at < length; at++) {
      const from = (row * width + at) * dimensions;
      for (let k = 0; k < dimensions; k++) {
        means[row * dimensions + k] = (means[row * dimensions + k] ?? 0) + (values[from + k] ?? 0) / length;
      }
    }
  }
  return means;
}

/** Rows of length 1; a row that is zero, or no number, is zeros. */
function scaled(values: Float32Array, dimensions: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += dimensions) {
    let square = 0;
    for (let k = 0; k < dimensions; k++) square += (values[from + k] ?? 0) ** 2;
    if (!Number.isFinite(square) || square === 0) continue;
    for (let k = 0; k < dimensions; k++) out[from + k] = (values[from + k] ?? 0) / Math.sqrt(square);
  }
  return out;
}
