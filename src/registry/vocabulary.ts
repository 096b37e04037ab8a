import type { Vocabulary } from './snapshot.js';

/** Adds the look-up of terms. */
export function openVocabulary(terms: readonly string[]): Vocabulary {
  const rows = new Map(terms.map((term, row) => [term, row]));
  return { terms, indexOf: (term) => rows.get(term) ?? -1 };
}
