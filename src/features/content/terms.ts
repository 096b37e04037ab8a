import type { Item } from '../../domain/entities.js';
import { normaliseTag } from '../../registry/itemTable.js';
import { wordsOf } from './words.js';

/** What of an item says what it is. */
export type Described = Pick<Item, 'kind' | 'title' | 'description' | 'category' | 'tags' | 'authorId' | 'attributes'>;

/** What a term counts by where it stands. A tag was chosen to describe; a description has many words. */
const WEIGHTS = { title: 1, description: 0.5, tag: 2, tagWord: 0.5, category: 2, kind: 1, author: 1, attribute: 1 };

/** Longer values of attributes are texts or addresses, not properties. */
const LONGEST_VALUE = 64;

/**
 * What an item says of itself: term → weight, before any knowledge of how rare a term is. Words of title, description
 * and tags are one kind of term, so that a tag meets the title that names it; whole tags, category, author, kind and
 * simple attributes are terms of their own kinds.
 */
export function termsOf(item: Described): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (term: string, weight: number) => sums.set(term, (sums.get(term) ?? 0) + weight);
  for (const word of wordsOf(item.title)) add(word, WEIGHTS.title);
  for (const word of wordsOf(item.description ?? '')) add(word, WEIGHTS.description);
  for (const tag of new Set(item.tags.map(normaliseTag))) {
    add(`tag:${tag}`, WEIGHTS.tag);
    for (const word of wordsOf(tag)) add(word, WEIGHTS.tagWord);
  }
  add(`kind:${item.kind}`, WEIGHTS.kind);
  if (item.category !== null) add(`category:${item.category}`, WEIGHTS.category);
  if (item.authorId !== null) add(`author:${item.authorId}`, WEIGHTS.author);
  for (const [name, value] of Object.entries(item.attributes ?? {})) {
    for (const part of Array.isArray(value) ? value : [value]) {
      if (part === null || typeof part === 'object') continue;
      const text = String(part);
      if (text.length <= LONGEST_VALUE) add(`is:${name}=${text}`, WEIGHTS.attribute);
    }
  }
  return damped(sums);
}

/** What a text says: the same terms as those of an item of which nothing else is known. */
export function termsOfText(text: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const word of wordsOf(text)) sums.set(word, (sums.get(word) ?? 0) + 1);
  return damped(sums);
}

/** A word said ten times is not ten times as true. */
function damped(sums: Map<string, number>): Map<string, number> {
  for (const [term, sum] of sums) sums.set(term, Math.log1p(sum));
  return sums;
}
