import type { ItemTable } from '../../registry/snapshot.js';
import { growable } from '../examples/growable.js';
import { meanOf } from './bootstrap.js';
import { coverage } from './coverage.js';
import { gini } from './gini.js';
import { intraListDiversity } from './intraListDiversity.js';
import type { RankedItems } from './models/model.js';
import { calibrationError } from './probabilities.js';
import type { ListReport } from './report.js';

/** What the lists of one model look like, whatever was right; see `ListReport`. */
export interface ListTally {
  add(list: RankedItems, right: ReadonlySet<number>): void;
  finish(): ListReport;
}

/** `information` in bits per item, see `selfInformation`. Memory: what was promised, 12 bytes an item shown. */
export function listTally(items: ItemTable, information: Float64Array, judgesPromises: boolean): ListTally {
  const shown = new Int32Array(items.size);
  const novelty = growable((length) => new Float64Array(length));
  const diversity = growable((length) => new Float64Array(length));
  const promised = growable((length) => new Float32Array(length));
  const came = growable((length) => new Int32Array(length));
  return {
    add({ items: list, probabilities }, right) {
      if (list.length === 0) return;
      let bits = 0;
      for (const [place, item] of list.entries()) {
        shown[item] = (shown[item] ?? 0) + 1;
        bits += information[item] ?? 0;
        if (!judgesPromises || probabilities === null) continue;
        promised.push(probabilities[place] ?? 0);
        came.push(right.has(item) ? 1 : 0);
      }
      novelty.push(bits / list.length);
      const distance = intraListDiversity(items, list);
      if (!Number.isNaN(distance)) diversity.push(distance);
    },
    finish() {
      const distances = diversity.values();
      const promises = promised.values();
      return {
        coverage: coverage(shown),
        gini: gini(shown),
        novelty: meanOf(novelty.values()),
        intraListDiversity: distances.length === 0 ? null : meanOf(distances),
        calibrationError: promises.length === 0 ? null : calibrationError(promises, came.values()),
      };
    },
  };
}
