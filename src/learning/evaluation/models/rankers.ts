import { buildProfile } from '../../../features/profile.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import type { Asking, Known, RankedItems, RankingModel } from './model.js';

/** The models of one version, wherever they run. */
export interface Rankers {
  readonly names: readonly string[];
  /** How many calls it can work on at once. */
  readonly threads: number;
  /** For each person, one list per model. @throws RangeError when a model answers an item twice or one that was seen. */
  rank(people: readonly Asking[], depth: number): Promise<readonly (readonly RankedItems[])[]>;
  dispose(): Promise<void>;
}

/** Runs the models in this thread. */
export function localRankers(snapshot: Snapshot, models: readonly RankingModel[]): Rankers {
  return {
    names: models.map(({ name }) => name),
    threads: 1,
    async rank(people, depth) {
      const lists: RankedItems[][] = [];
      for (const person of people) {
        const asked = inTermsOf(snapshot, person);
        const own: RankedItems[] = [];
        for (const model of models) {
          const list = await model.rank(asked, depth);
          checkList(model.name, list.items, asked.seen);
          own.push(list);
        }
        lists.push(own);
      }
      return lists;
    },
    async dispose() {},
  };
}

function inTermsOf({ items }: Snapshot, { events, facts, now }: Asking): Asking & Known {
  const seen = new Set(events.map(({ itemId }) => items.indexOf(itemId)));
  seen.delete(-1);
  return { events, facts, now, history: buildProfile(events, items, Number.POSITIVE_INFINITY), seen };
}

function checkList(model: string, items: Int32Array, seen: ReadonlySet<number>): void {
  if (new Set(items).size !== items.length) throw new RangeError(`${model} ranked an item twice`);
  const known = items.find((item) => seen.has(item));
  if (known !== undefined) throw new RangeError(`${model} ranked item ${known}, which the person has seen`);
}
