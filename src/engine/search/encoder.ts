import type { Item } from '../../domain/entities.js';
import { itemVector, textVector } from '../../features/content/vector.js';
import type { ContentModel } from '../../registry/snapshot.js';

/** Puts items and texts into one space, where near is alike. Vectors have length 1, or are zeros where nothing is known. */
export interface Encoder {
  /** Names the space: vectors of two encoders of one name can be compared. */
  readonly name: string;
  readonly dimensions: number;
  /** Items × dimensions, row after row. */
  items(items: readonly Item[]): Float32Array | Promise<Float32Array>;
  text(text: string): Float32Array | Promise<Float32Array>;
}

/** An encoder of texts that someone brought along. */
export interface TextEncoder {
  readonly name: string;
  readonly dimensions: number;
  /** Texts × dimensions, row after row, each of length 1. */
  encode(texts: readonly string[]): Promise<Float32Array>;
}

/** By the content model of a version. */
export function contentEncoder(version: string, model: ContentModel): Encoder {
  const { dimensions } = model;
  return {
    name: version,
    dimensions,
    items(items) {
      const vectors = new Float32Array(items.length * dimensions);
      for (const [at, item] of items.entries()) vectors.set(itemVector(model, item), at * dimensions);
      return vectors;
    },
    text: (text) => textVector(model, text),
  };
}

/** By a text encoder: an item is what it says of itself, as one text. */
export function textItemsEncoder(encoder: TextEncoder): Encoder {
  return {
    name: encoder.name,
    dimensions: encoder.dimensions,
    items: (items) => encoder.encode(items.map(textOf)),
    text: (text) => encoder.encode([text]),
  };
}

function textOf({ title, description, category, tags }: Item): string {
  return [title, description ?? '', category ?? '', tags.join(', ')].filter((part) => part !== '').join('. ');
}
