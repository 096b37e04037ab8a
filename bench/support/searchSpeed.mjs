// How long search takes on many items of the sample world.

import { seededRandom } from '../../dist/domain/random.js';
import { createCatalogueIndex } from '../../dist/engine/search/catalogueIndex.js';
import { contentEncoder } from '../../dist/engine/search/encoder.js';
import { beginFilling, fillSome } from '../../dist/engine/search/filling.js';
import { CONTENT_DEFAULTS, trainContent } from '../../dist/learning/trainers/content.js';
import { lensOf } from '../../dist/sample/lenses.js';
import { createExactIndex } from '../../dist/store/vector/exact.js';

const QUERIES = 2_000;
const PAGE = 2_000;

export async function measureSpeed({ count, pool }) {
  const authors = Array.from({ length: 500 }, (_, n) => `user-${n + 1}`);
  const items = Array.from({ length: count }, (_, n) => ({
    ...lensOf(1, `lens-${n + 1}`, authors, 1.7e12),
    hiddenAt: null,
  }));
  const content = await trainContent({ catalogue: items, parameters: CONTENT_DEFAULTS, seed: 1, pool });
  const index = createCatalogueIndex({
    encoder: contentEncoder('bench', { ...content, toCollaborative: null, toSpectral: null }),
    createIndex: createExactIndex,
    language: 'en',
    popularityOf: () => 0,
    name: 'bench',
    onFailure(error) {
      throw error;
    },
  });
  const before = process.memoryUsage();
  const pieces = [];
  const started = performance.now();
  const filling = beginFilling(index, '', pagesOf(items));
  for (let more = true; more; ) {
    const at = performance.now();
    more = await fillSome(filling);
    pieces.push(performance.now() - at);
  }
  const seconds = (performance.now() - started) / 1000;
  const after = process.memoryUsage();
  const mega = (after.heapUsed + after.external - before.heapUsed - before.external) / 2 ** 20;
  console.log(`\n${count.toLocaleString('en')} items of the sample world`);
  console.log(`filled in ${seconds.toFixed(1)} s, ${mega.toFixed(0)} MiB; pieces ${spread(pieces)}`);

  const random = seededRandom(1);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const titleWords = () => pick(items).title.split(' ');
  const slip = (word) => word.slice(0, -2) + [...word.slice(-2)].reverse().join('');
  const KINDS = {
    'a title': () => titleWords().join(' '),
    'a word of a title': () => pick(titleWords()),
    'words of a description': () => pick(items).description,
    'a title with a slip': () => titleWords().map(slip).join(' '),
    'a beginning': () => pick(titleWords()).slice(0, 3),
    'a title, one category': () => titleWords().join(' '),
  };
  // The first calls compile.
  for (let n = 0; n < 200; n++)
    await index.search({ query: pick(Object.values(KINDS))(), filter: null, exclusions: [] });
  const all = [];
  for (const [kind, make] of Object.entries(KINDS)) {
    const calls = [];
    for (let n = 0; n < QUERIES / Object.keys(KINDS).length; n++) {
      const query = make();
      const filter = kind.endsWith('category') ? { ...NO_FILTER, category: [pick(items).category] } : null;
      calls.push(await timed(() => index.search({ query, filter, exclusions: [] })));
    }
    all.push(...calls);
    report(kind, calls);
  }
  report('all of them', all);
  const typed = Array.from({ length: 300 }, () => pick(titleWords()).slice(0, 1 + Math.floor(4 * random())));
  const suggested = [];
  for (const prefix of typed) suggested.push(await timed(() => index.suggest(prefix, 10, [])));
  report('suggest', suggested);
  index.dispose();
}

const NO_FILTER = {
  ids: null,
  kind: null,
  category: null,
  tagsAny: null,
  tagsAll: null,
  authorId: null,
  createdAfter: null,
  minPopularity: null,
  notIds: null,
};

async function* pagesOf(items) {
  for (let at = 0; at < items.length; at += PAGE) yield items.slice(at, at + PAGE);
}

/** Milliseconds by the clock, and of the processor: on a machine that others use, too, the second say what a call takes. */
async function timed(work) {
  const cpu = process.cpuUsage();
  const at = performance.now();
  await work();
  const clock = performance.now() - at;
  const { user, system } = process.cpuUsage(cpu);
  return { clock, processor: (user + system) / 1000 };
}

function report(kind, calls) {
  const clock = spread(calls.map((call) => call.clock));
  console.log(`${kind.padEnd(24)} ${clock}; processor ${spread(calls.map((call) => call.processor))}`);
}

function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]?.toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
}
