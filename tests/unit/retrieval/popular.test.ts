import { describe, expect, it } from 'vitest';
import { readPerson } from '../../../src/engine/person.js';
import { popularity } from '../../../src/features/popularity.js';
import { circumstancesOf, settingOf } from '../../../src/features/setting.js';
import { openSegments } from '../../../src/registry/parts/segments.js';
import type { Snapshot } from '../../../src/registry/snapshot.js';
import { popular } from '../../../src/retrieval/finders/popular.js';
import { createLookups } from '../../../src/retrieval/lookups.js';
import { queryOf } from '../../helpers/query.js';
import { plantSnapshot, START } from '../../helpers/snapshot.js';

const plain = plantSnapshot().snapshot;
const at = (id: string) => plain.items.indexOf(id);
const family = plain.items.category.names.indexOf('family');
const { segments } = plantSnapshot({
  segments: openSegments({
    kinds: ['device', 'hour', 'newcomer'],
    values: ['watch', '7', ''],
    categories: { offsets: Int32Array.of(0, 0, 1, 1), indices: Int32Array.of(family), values: Float32Array.of(0.5) },
    items: {
      offsets: Int32Array.of(0, 1, 1, 2),
      indices: Int32Array.of(at('comedy-019'), at('horror-010')),
      values: Float32Array.of(4, 2),
    },
  }),
}).snapshot;
const snapshot: Snapshot = { ...plain, segments };

async function first(context: Parameters<typeof circumstancesOf>[0], likes: readonly string[] = []) {
  const person = readPerson(
    likes.map((itemId) => ({ itemId, action: 'LIKE' as const, value: null, occurredAt: START })),
    snapshot,
  );
  const { finding } = queryOf(snapshot, {
    person,
    setting: settingOf(segments, circumstancesOf(context, START, null)),
  });
  const found = await popular.find({ ...finding, masked: new Uint8Array(snapshot.items.size) }, noIndex);
  return Array.from(found.items, (item) => snapshot.items.ids[item]);
}

function neverAsked(): never {
  throw new Error('what is popular needs no index');
}

const noIndex = createLookups(() => ({ size: 0, search: () => neverAsked(), dots: () => neverAsked() }));
const known = Array.from({ length: 18 }, (_, place) => `comedy-0${String(place).padStart(2, '0')}`);

describe('popular', () => {
  it('gives strangers what newcomers take to, and those who are known what everyone does', async () => {
    expect((await first({ localHour: 3 }))[0]).toBe('horror-010');
    expect((await first({ localHour: 3 }, known))[0]).not.toBe('horror-010');
  });

  it('gives what suits the hour, by category, and the device, by item, however far down the list', async () => {
    expect((await first({ localHour: 7 }, known)).slice(0, 3)).toEqual(['family-000', 'family-001', 'family-002']);
    expect((await first({ localHour: 3, device: 'watch' }, known))[0]).toBe('comedy-019');
    expect(await first({ localHour: 3, device: 'unheard of' }, known)).toEqual(await first({ localHour: 3 }, known));
  });

  it('is never empty-handed while something may be shown', async () => {
    const last = at('horror-019');
    const person = queryOf(snapshot).finding;
    const found = await popular.find(
      { ...person, masked: new Uint8Array(snapshot.items.size).fill(1).fill(0, last, last + 1) },
      noIndex,
    );
    expect(Array.from(found.items)).toEqual([last]);
  });
});

describe('popularity', () => {
  it('is that with newcomers for a stranger, and in a version without segments that with everyone', () => {
    const score = (of: Snapshot) => {
      const { person, setting, counts } = queryOf(of);
      const out = new Float32Array(2);
      const items = Int32Array.of(at('horror-010'), at('horror-000'));
      popularity.compute(
        { taste: person.taste, catalogue: of, setting, counts, now: START, factors: noIndex.factors },
        { items, sources: [], columns: new Map() },
        out,
        new Map(),
      );
      return out;
    };
    const [lifted = 0, top = 0] = score(snapshot);
    expect(lifted).toBeGreaterThan(top);
    const [unlifted = 0] = score(plain);
    expect(unlifted).toBeLessThan(top);
  });
});
