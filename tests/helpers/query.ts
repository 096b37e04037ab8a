import { NO_CHANCE } from '../../src/engine/chance.js';
import { findingFor } from '../../src/engine/finding.js';
import { readPerson } from '../../src/engine/person.js';
import type { RankingBasis, RankingQuery } from '../../src/engine/query.js';
import { NOTHING_RULED } from '../../src/engine/rules/compiled.js';
import { emptyCounts } from '../../src/features/itemCounts.js';
import { circumstancesOf, settingOf } from '../../src/features/setting.js';
import { POSITIVE_WORTH } from '../../src/features/worth.js';
import type { Snapshot } from '../../src/registry/snapshot.js';
import { START } from './snapshot.js';

/** What a stranger asks who wants three items, unless said otherwise. */
export function queryOf(snapshot: Snapshot, parts: Partial<RankingBasis> = {}): RankingQuery {
  const basis: RankingBasis = {
    snapshot,
    person: readPerson([], snapshot),
    counts: emptyCounts(snapshot.items.size, POSITIVE_WORTH),
    setting: settingOf(snapshot.segments, circumstancesOf(null, START, null)),
    filter: null,
    excludeSeen: true,
    excluded: new Set(),
    rules: NOTHING_RULED,
    diversity: 0.5,
    chance: NO_CHANCE,
    first: 3,
    now: START,
    ...parts,
  };
  return { ...basis, finding: findingFor(basis) };
}
