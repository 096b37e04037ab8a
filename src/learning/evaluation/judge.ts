import { buildProfile } from '../../features/profile.js';
import type { Snapshot } from '../../registry/snapshot.js';
import { breathe } from '../breathe.js';
import { type OnProgress, stageProgress } from '../progress.js';
import { COLD_SLICES, coldStart, peoplePerItem } from './coldStart.js';
import { type Estimates, estimatesOf } from './estimates.js';
import { DEPTH, FIGURES, figureColumns } from './figures.js';
import { listTally } from './listTally.js';
import type { Asked, RankingModel } from './models/model.js';
import { selfInformation } from './novelty.js';
import type { EvaluationReport, Lead } from './report.js';
import { sliceTally } from './sliceTally.js';
import { type JudgedPerson, knownEvents, type Split } from './split.js';

/** Lists between two looks at the event loop, a few milliseconds of work. */
const BREATH = 4;

/**
 * Asks every model for the best 20 of all items each person has not seen, and holds them against what was right.
 * `snapshot` learned from nothing but `split.train`. Time: people × models × one list.
 * @throws RangeError when a model answers an item twice or one that was seen.
 */
export async function judge(options: {
  readonly split: Split;
  readonly snapshot: Snapshot;
  readonly models: readonly RankingModel[];
  readonly seed: number;
  readonly onProgress: OnProgress;
}): Promise<Pick<EvaluationReport, 'counts' | 'models' | 'leads'>> {
  const { split, snapshot, models, seed, onProgress } = options;
  const { people, train } = split;
  const inLists = listIndices(split, snapshot);
  const metBy = peoplePerItem(train);
  const information = new Float64Array(snapshot.items.size);
  for (const [item, bits] of selfInformation(metBy, new Set(train.users).size).entries()) {
    information[inLists[item] ?? -1] = bits;
  }
  const rightIn = coldStart(train, metBy);
  const figures = models.map(() =>
    figureColumns(
      people.length,
      FIGURES.map(([name]) => name),
    ),
  );
  const lists = models.map(() => listTally(snapshot.items, information, split.judgesPromises));
  const slices = COLD_SLICES.map((slice) => sliceTally({ slice, people, rightIn, inLists, models: models.length }));

  const ask = asking(split, snapshot);
  const onList = stageProgress('rank for everyone', people.length, onProgress);
  for (const [at, person] of people.entries()) {
    const asked = ask(person);
    const right = new Set(person.right.map((item) => inLists[item] ?? item));
    for (const [row, model] of models.entries()) {
      const list = await model.rank(asked, DEPTH);
      checkList(model.name, list.items, asked.seen);
      figures[row]?.set(at, list.items, right);
      lists[row]?.add(list, right);
      for (const slice of slices) slice.add(row, at, list.items);
    }
    if ((at + 1) % BREATH === 0 || at + 1 === people.length) {
      onList(at + 1);
      await breathe();
    }
  }

  onProgress({ stage: 'intervals' });
  const estimates = await estimatesOf(figures, seed);
  const cold = await Promise.all(slices.map(async (tally) => ({ ...tally, figures: await tally.finish(seed) })));
  return {
    counts: {
      events: train.users.length,
      items: train.itemCount,
      people: people.length,
      right: people.reduce((sum, { right }) => sum + right.length, 0),
      coldStart: Object.fromEntries(cold.map((tally) => [tally.slice, tally.people])),
    },
    models: models.flatMap(({ name }, row) => {
      const [metrics, list] = [estimates.figures[row], lists[row]];
      if (metrics === undefined || list === undefined) return [];
      const coldStart = Object.fromEntries(cold.map((tally) => [tally.slice, tally.figures[row] ?? {}]));
      return [{ name, metrics, lists: list.finish(), coldStart }];
    }),
    leads: leadsOf(models, estimates),
  };
}

/** Item of the split → its index in the snapshot, or, where the snapshot lacks it, a number below 0 of its own. */
function listIndices({ train }: Split, snapshot: Snapshot): Int32Array {
  return Int32Array.from(train.catalogue, ({ id }, item) => {
    const index = snapshot.items.indexOf(id);
    return index >= 0 ? index : -1 - item;
  });
}

/** Turns a person into what models read. */
function asking(split: Split, snapshot: Snapshot): (person: JudgedPerson) => Asked {
  const known = knownEvents(split);
  return ({ user, now }) => {
    const events = known(user);
    const seen = new Set(events.map(({ itemId }) => snapshot.items.indexOf(itemId)));
    seen.delete(-1);
    return { events, profile: buildProfile(events, snapshot.items), seen, now };
  };
}

function checkList(model: string, items: Int32Array, seen: ReadonlySet<number>): void {
  if (new Set(items).size !== items.length) throw new RangeError(`${model} ranked an item twice`);
  const known = items.find((item) => seen.has(item));
  if (known !== undefined) throw new RangeError(`${model} ranked item ${known}, which the person has seen`);
}

function leadsOf(models: readonly RankingModel[], estimates: Estimates): Lead[] {
  const last = models.length - 1;
  return models.slice(0, last).flatMap(({ name }, other): Lead[] => {
    const lead = estimates.lead('ndcg@10', last, other);
    return lead === null ? [] : [{ over: name, 'ndcg@10': lead }];
  });
}
