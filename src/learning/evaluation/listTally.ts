import type { ItemTable } from '../../registry/snapshot.js';
import { meanOf } from './bootstrap.js';
import { coverage } from './coverage.js';
import { DEPTH } from './figures.js';
import { gini } from './gini.js';
import { intraListDiversity } from './intraListDiversity.js';
import type { RankedItems } from './models/model.js';
import { calibrationError } from './probabilities.js';
import type { ListReport } from './report.js';

/** What the lists of one model look like, in whatever order they come in. */
export interface ListTally {
  /** `promised` are the items whose promise came true; null where nobody can tell. */
  add(person: number, list: RankedItems, promised: ReadonlySet<number> | null): void;
  finish(): ListReport;
}

/** `information` in bits per item, see `selfInformation`. Memory: about 120 bytes a person. */
export function listTally(options: {
  readonly items: ItemTable;
  readonly people: number;
  readonly information: Float64Array;
}): ListTally {
  const { items, people, information } = options;
  const shown = new Int32Array(items.size);
  const novelty = new Float64Array(people).fill(Number.NaN);
  const diversity = new Float64Array(people).fill(Number.NaN);
  const promises = new Float32Array(people * DEPTH).fill(Number.NaN);
  const came = new Uint8Array(people * DEPTH);
  return {
    add(person, { items: list, probabilities }, promised) {
      if (list.length === 0) return;
      let bits = 0;
      for (const [place, item] of list.entries()) {
        shown[item] = (shown[item] ?? 0) + 1;
        bits += information[item] ?? 0;
        if (probabilities === null || promised === null) continue;
        promises[person * DEPTH + place] = probabilities[place] ?? 0;
        came[person * DEPTH + place] = promised.has(item) ? 1 : 0;
      }
      novelty[person] = bits / list.length;
      diversity[person] = intraListDiversity(items, list);
    },
    finish() {
      const distances = diversity.filter(isNumber);
      const made = promises.filter(isNumber);
      const outcomes = came.filter((_, at) => isNumber(promises[at] ?? Number.NaN));
      return {
        coverage: coverage(shown),
        gini: gini(shown),
        novelty: meanOf(novelty.filter(isNumber)),
        intraListDiversity: distances.length === 0 ? null : meanOf(distances),
        calibrationError: made.length > 0 ? calibrationError(made, outcomes) : null,
      };
    },
  };
}

function isNumber(value: number): boolean {
  return !Number.isNaN(value);
}
