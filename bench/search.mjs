// `npm run bench:search`: how well search finds what judges called relevant on the sets in ../shared/data/search (plain BM25, by
// words, by meaning, both, PostgreSQL's full text), then how long it takes on the sample world's items, and how fast an index fills.
//   --items N    of the sample world (100,000)
//   --only WHAT  relevance or speed
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createCatalogueIndex } from '../dist/engine/search/catalogueIndex.js';
import { contentEncoder } from '../dist/engine/search/encoder.js';
import { createVectorRows } from '../dist/engine/search/vectorRows.js';
import { openPool } from '../dist/kernels/pool.js';
import { CONTENT_DEFAULTS, trainContent } from '../dist/learning/trainers/content.js';
import { createExactIndex } from '../dist/store/vector/exact.js';
import { judge, plainBm25, postgresText, readSet } from './support/searchSets.mjs';
import { measureSpeed } from './support/searchSpeed.mjs';

const { values } = parseArgs({ options: { items: { type: 'string', default: '100000' }, only: { type: 'string' } } });
const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../shared/data/search');
const LISTED = 100;

console.log(`Node ${process.versions.node}, ${os.cpus().length} cores, ${os.cpus()[0]?.model ?? 'unknown processor'}`);
const pool = openPool({ threads: os.availableParallelism() });

if (values.only !== 'speed') {
  for (const name of ['scifact', 'cranfield']) {
    if (!existsSync(path.join(folder, name))) {
      console.log(`\nSkipped ${name}: there is no ${path.join(folder, name)}.`);
      continue;
    }
    await relevance(name);
  }
}
if (values.only !== 'relevance') await measureSpeed({ count: Number(values.items), pool });
await pool.dispose();

async function relevance(name) {
  const set = readSet(path.join(folder, name));
  const content = await trainContent({ catalogue: set.items, parameters: CONTENT_DEFAULTS, seed: 1, pool });
  const encoder = contentEncoder('bench', { ...content, toCollaborative: null, toSpectral: null });
  const rows = createVectorRows(encoder.dimensions, createExactIndex);
  rows.add(encoder.items(set.items));
  const none = new Uint8Array(set.items.length);
  const ways = {
    'plain BM25 (k1 1.2, b 0.75, no stems)': plainBm25(set.items),
    'by words': await indexed(set.items, null),
    'by meaning alone': async (query) =>
      [...(await rows.nearest(encoder.text(query), LISTED, none)).items].map((row) => set.items[row].id),
    'both, as served': await indexed(set.items, encoder),
    "PostgreSQL's full text": await postgresText(set.items),
  };
  console.log(`\n${name}: ${set.items.length} texts, ${set.queries.length} queries`);
  console.log(`${''.padEnd(38)}  NDCG@10  recall@100`);
  for (const [way, find] of Object.entries(ways)) {
    if (find === null) continue;
    const { ndcg, recall } = await judge(set, find);
    console.log(`${way.padEnd(38)}  ${ndcg.toFixed(4).padStart(7)}  ${recall.toFixed(4).padStart(10)}`);
    await find.end?.();
  }
  rows.dispose();
}

async function indexed(items, encoder) {
  const index = createCatalogueIndex({
    encoder,
    createIndex: createExactIndex,
    language: 'en',
    popularityOf: () => 0,
    name: 'bench',
    onFailure(error) {
      throw error;
    },
  });
  for (let at = 0; at < items.length; at += 50) await index.put(items.slice(at, at + 50));
  return async (query) => {
    const found = await index.search({ query, filter: null, exclusions: [] });
    return found.items.slice(0, LISTED).map(({ id }) => id);
  };
}
