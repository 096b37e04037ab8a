import type { Snapshot } from '../../registry/snapshot.js';
import { type OnProgress, stageProgress } from '../progress.js';
import { type Estimates, estimatesOf } from './estimates.js';
import { DEPTH, FIGURES, figureColumns } from './figures.js';
import { listTally } from './listTally.js';
import type { RankedItems } from './models/model.js';
import type { Rankers } from './models/rankers.js';
import { selfInformation } from './novelty.js';
import type { EvaluationReport, Lead } from './report.js';
import { peoplePerItem, SLICES, slicer } from './slices.js';
import { sliceTally } from './sliceTally.js';
import { type JudgedPerson, knownEvents, knownFacts, type Split } from './split.js';

/** People per call of the rankers: what is under way at any time is small. */
const BATCH = 32;

/**
 * Asks every model for the best 20 of all items each person has not seen, and holds them against what was right.
 * `items` is the table of a version that learned from nothing but `split.train`. Time: people × models × one list.
 */
export async function judge(options: {
  readonly split: Split;
  readonly items: Snapshot['items'];
  readonly rankers: Rankers;
  readonly seed: number;
  readonly onProgress: OnProgress;
}): Promise<Pick<EvaluationReport, 'counts' | 'models' | 'leads'>> {
  const { split, items, rankers, seed, onProgress } = options;
  const { people, train } = split;
  const { names } = rankers;
  const inLists = listIndices(split, items);
  const metBy = peoplePerItem(train);
  const information = new Float64Array(items.size);
  for (const [item, bits] of selfInformation(metBy, new Set(train.users).size).entries()) {
    information[inLists[item] ?? -1] = bits;
  }
  const figures = names.map(() =>
    figureColumns(
      people.length,
      FIGURES.map(([name]) => name),
    ),
  );
  const lists = names.map(() => listTally({ items, people: people.length, information }));
  const rightIn = slicer(train, metBy);
  const slices = SLICES.map((slice) => sliceTally({ slice, people, rightIn, inLists, models: names.length }));

  await rankAll(split, rankers, onProgress, (at, person, ranked) => {
    const right = new Set(person.right.map((item) => inLists[item] ?? item));
    const promised = person.promised && new Set(person.promised.map((item) => inLists[item] ?? item));
    for (const [row, list] of ranked.entries()) {
      figures[row]?.set(at, list.items, right);
      lists[row]?.add(at, list, promised);
      for (const slice of slices) slice.add(row, at, list.items);
    }
  });

  onProgress({ stage: 'intervals' });
  const all = await estimatesOf(figures, seed);
  const parts = await Promise.all(
    slices.map(async ({ slice, people: count, finish }) => ({ slice, count, estimates: await finish(seed) })),
  );
  return {
    counts: {
      events: train.users.length,
      items: train.itemCount,
      people: people.length,
      right: people.reduce((sum, { right }) => sum + right.length, 0),
      slices: Object.fromEntries(parts.map(({ slice, count }) => [slice, count])),
    },
    models: names.flatMap((name, row) => {
      const [metrics, list] = [all.figures[row], lists[row]];
      if (metrics === undefined || list === undefined) return [];
      const own = parts.map(({ slice, estimates }) => [slice, estimates.figures[row] ?? {}] as const);
      return [{ name, metrics, lists: list.finish(), slices: Object.fromEntries(own) }];
    }),
    leads: leadsOf(names, all, parts.find(({ slice }) => slice === 'known people')?.estimates),
  };
}

/** Calls `judged` once for each person, in no set order. */
async function rankAll(
  split: Split,
  rankers: Rankers,
  onProgress: OnProgress,
  judged: (at: number, person: JudgedPerson, lists: readonly RankedItems[]) => void,
): Promise<void> {
  const { people } = split;
  const known = knownEvents(split);
  const facts = knownFacts(split);
  const onList = stageProgress('rank for everyone', people.length, onProgress);
  let next = 0;
  let done = 0;
  const lane = async () => {
    while (next < people.length) {
      const from = next;
      const batch = people.slice(from, from + BATCH);
      next += BATCH;
      const ranked = await rankers.rank(
        batch.map(({ user, now }) => ({ events: known(user), facts: facts(user, now), now })),
        DEPTH,
      );
      for (const [place, person] of batch.entries()) judged(from + place, person, ranked[place] ?? []);
      done += batch.length;
      onList(done);
    }
  };
  // One call under way and one waiting for each thread.
  await Promise.all(Array.from({ length: 2 * rankers.threads }, lane));
}

/** Item of the split → its index in the lists, or, where the version lacks it, a number below 0 of its own. */
function listIndices({ train }: Split, items: Snapshot['items']): Int32Array {
  return Int32Array.from(train.catalogue, ({ id }, item) => {
    const index = items.indexOf(id);
    return index >= 0 ? index : -1 - item;
  });
}

function leadsOf(names: readonly string[], all: Estimates, known: Estimates | undefined): Lead[] {
  const last = names.length - 1;
  return names.slice(0, last).flatMap((over, other): Lead[] => {
    const lead = all.lead('ndcg@10', last, other);
    return lead === null ? [] : [{ over, all: lead, known: known?.lead('ndcg@10', last, other) ?? null }];
  });
}
