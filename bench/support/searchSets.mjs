// Judged sets of queries, and the ways to search them that ours is compared with.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withDatabase } from './database.mjs';

/** Texts as items, and the queries that have judgements. */
export function readSet(folder) {
  const lines = (file) => readFileSync(path.join(folder, file), 'utf8').trim().split('\n');
  const table = (file) =>
    lines(file)
      .slice(1)
      .map((line) => line.split('\t'));
  const items = lines('docs.jsonl')
    .map((line) => JSON.parse(line))
    .map(({ id, title, text }) => ({
      id,
      kind: 'text',
      title,
      description: text,
      category: null,
      tags: [],
      previewUrl: null,
      authorId: null,
      attributes: null,
      createdAt: new Date(0),
      hiddenAt: null,
    }));
  const judged = new Map();
  for (const [query, id, relevance] of table('qrels.tsv')) {
    if (Number(relevance) <= 0) continue;
    const known = judged.get(query) ?? new Map();
    judged.set(query, known.set(id, Number(relevance)));
  }
  const queries = table('queries.tsv').flatMap(([id, text]) => {
    const relevant = judged.get(id);
    return relevant === undefined ? [] : [{ text, relevant }];
  });
  return { items, queries };
}

/** Means over the queries: NDCG@10 with linear gain, and the share of what is relevant among the first 100. */
export async function judge({ queries }, find) {
  let ndcg = 0;
  let recall = 0;
  const discounted = (gains) => gains.slice(0, 10).reduce((sum, gain, at) => sum + gain / Math.log2(at + 2), 0);
  for (const { text, relevant } of queries) {
    const ids = (await find(text)).slice(0, 100);
    const ideal = discounted([...relevant.values()].sort((a, b) => b - a));
    ndcg += discounted(ids.map((id) => relevant.get(id) ?? 0)) / ideal;
    recall += ids.filter((id) => relevant.has(id)).length / relevant.size;
  }
  return { ndcg: ndcg / queries.length, recall: recall / queries.length };
}

/** BM25 over title and text as one, words as they stand there. */
export function plainBm25(items, k1 = 1.2, b = 0.75) {
  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const postings = new Map();
  const lengths = items.map(({ title, description }, row) => {
    const all = words(`${title} ${description}`);
    const counts = new Map();
    for (const word of all) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [word, count] of counts) postings.set(word, [...(postings.get(word) ?? []), [row, count]]);
    return all.length;
  });
  const mean = lengths.reduce((sum, length) => sum + length, 0) / items.length;
  return (query) => {
    const scores = new Map();
    for (const word of words(query)) {
      const rows = postings.get(word) ?? [];
      const rarity = Math.log(1 + (items.length - rows.length + 0.5) / (rows.length + 0.5));
      for (const [row, count] of rows) {
        const gain = (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + (b * lengths[row]) / mean));
        scores.set(row, (scores.get(row) ?? 0) + gain);
      }
    }
    return [...scores].sort((a, b2) => b2[1] - a[1]).map(([row]) => items[row].id);
  };
}

/**
 * PostgreSQL's own: any of the words, English stems, `ts_rank` with the length held against a text (flag 1). Null where there is
 * no PostgreSQL.
 */
export function postgresText(items) {
  return new Promise((resolve, reject) => {
    withDatabase(async ({ query }) => {
      await query('CREATE TABLE texts (id text PRIMARY KEY, words tsvector)');
      for (let at = 0; at < items.length; at += 500) {
        const some = items.slice(at, at + 500);
        await query(
          `INSERT INTO texts SELECT id, to_tsvector('english', said) FROM unnest($1::text[], $2::text[]) AS t(id, said)`,
          [some.map(({ id }) => id), some.map(({ title, description }) => `${title} ${description}`)],
        );
      }
      await query('CREATE INDEX ON texts USING gin (words)');
      let end;
      const ended = new Promise((done) => {
        end = done;
      });
      const find = async (text) => {
        const rows = await query(
          `WITH asked AS (SELECT replace(plainto_tsquery('english', $1)::text, '&', '|')::tsquery AS q)
           SELECT id FROM texts, asked WHERE words @@ q ORDER BY ts_rank(words, q, 1) DESC, id LIMIT 100`,
          [text],
        );
        return rows.map(({ id }) => id);
      };
      find.end = end;
      resolve(find);
      await ended;
    }).then(() => resolve(null), reject);
  });
}
