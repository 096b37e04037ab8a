import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/domain/clock.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { circumstancesOf } from '../../../src/features/setting.js';

const NOON = Date.UTC(2026, 4, 4, 12);
const read = (context: JsonObject | null, now = NOON) => Object.fromEntries(circumstancesOf(context, now, null));

describe('circumstancesOf', () => {
  it('reads everything a context can say, in words of few values', () => {
    expect(
      read({
        device: ' iPhone ',
        location: 'Kyiv',
        localHour: 23,
        cameraFeatures: { facesDetected: 7, lighting: 0.4, scene: 'Beach' },
        attributes: { battery: 'low', wifi: true, steps: 8_312, nothing: null, list: ['a'] },
      }),
    ).toEqual({
      hour: '23',
      location: 'kyiv',
      device: 'iphone',
      faces: '3',
      lighting: 'dim',
      scene: 'beach',
      'attribute battery': 'low',
      'attribute wifi': 'true',
    });
  });

  it('takes the hour of the clock (UTC) where the context has none that can be', () => {
    expect(read(null)).toEqual({ hour: '12' });
    expect(read(null, NOON + 13 * HOUR_MS)).toEqual({ hour: '1' });
    for (const localHour of [24, -1, 7.5, '7', null]) expect(read({ localHour })).toEqual({ hour: '12' });
  });

  it('reads age and home of a person, but the place of the moment goes before their home', () => {
    const facts = { age: 24, location: 'Lviv', interests: [] };
    expect(Object.fromEntries(circumstancesOf(null, NOON, facts))).toEqual({
      hour: '12',
      age: '18 to 24',
      location: 'lviv',
    });
    expect(circumstancesOf({ location: 'Kyiv' }, NOON, facts).get('location')).toBe('kyiv');
    const ages = [0, 17, 18, 25, 54, 55, 150].map((age) => circumstancesOf(null, NOON, { ...facts, age }).get('age'));
    expect(ages).toEqual(['under 18', 'under 18', '18 to 24', '25 to 34', '45 to 54', '55 and over', '55 and over']);
    expect(circumstancesOf(null, NOON, { ...facts, age: null }).has('age')).toBe(false);
  });

  it('finds an hour and no more than a few words in any JSON', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.nat(), (object, now) => {
        const context: JsonObject = JSON.parse(JSON.stringify({ ...object, attributes: object }));
        const found = circumstancesOf(context, now, null);
        expect(found.has('hour')).toBe(true);
        expect(found.size).toBeLessThanOrEqual(14);
        for (const { length } of found.values()) expect(length > 0 && length <= 64).toBe(true);
      }),
    );
  });
});
