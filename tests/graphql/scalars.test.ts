import fc from 'fast-check';
import { Kind, parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { dateTime } from '../../src/graphql/scalars/dateTime.js';
import { json } from '../../src/graphql/scalars/json.js';

describe('DateTime', () => {
  it.each([
    ['2026-05-04T10:00:00Z', '2026-05-04T10:00:00.000Z'],
    ['2026-05-04T10:00:00.5Z', '2026-05-04T10:00:00.500Z'],
    ['2026-05-04T10:00:00.123456789Z', '2026-05-04T10:00:00.123Z'],
    ['2026-05-04T00:30:00+02:00', '2026-05-03T22:30:00.000Z'],
    ['2024-02-29T23:59:59-11:30', '2024-03-01T11:29:59.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (text, iso) => {
    expect(dateTime.serialize(dateTime.parseValue(text))).toBe(iso);
    expect(dateTime.parseLiteral({ kind: Kind.STRING, value: text })).toEqual(new Date(iso));
  });

  it.each([
    '',
    'now',
    '2026-05-04',
    '2026-05-04T10:00Z',
    '2026-05-04T10:00:00',
    '2026-05-04 10:00:00Z',
    '2026-05-04t10:00:00z',
    '2026-02-29T10:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-00-01T10:00:00Z',
    '2026-05-00T10:00:00Z',
    '2026-05-04T24:00:00Z',
    '2026-05-04T10:60:00Z',
    '2026-05-04T10:00:60Z',
    '2026-05-04T10:00:00+24:00',
    '2026-05-04T10:00:00+02',
    '+002026-05-04T10:00:00Z',
    '0000-12-31T10:00:00Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '2026-05-04T10:00:00Z\n',
    '２０２６-05-04T10:00:00Z',
    5,
    1_700_000_000_000,
    true,
    null,
    {},
    [],
  ])('refuses %j', (value) => {
    expect(() => dateTime.parseValue(value)).toThrow(/^must be /);
  });

  it('reads back whatever it wrote', () => {
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(dateTime.parseValue(dateTime.serialize(date))).toEqual(date);
      }),
    );
  });

  it('never makes a date of noise', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)), (text) => {
        let date: Date;
        try {
          date = dateTime.parseValue(text);
        } catch {
          return;
        }
        expect(date.toISOString().slice(0, 19)).toBe(text.slice(0, 19));
      }),
    );
  });
});

describe('JSON', () => {
  const object = fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('"__proto__":')),
    { maxKeys: 5 },
  );

  it('gives back any object unchanged', () => {
    fc.assert(
      fc.property(object, (value) => {
        const parsed = json.parseValue(value);
        expect(JSON.stringify(parsed)).toBe(JSON.stringify(value));
      }),
    );
  });

  it.each(['text', 5, true, null, [], [{}], undefined])('refuses %j', (value) => {
    expect(() => json.parseValue(value)).toThrow('must be a JSON object');
  });

  it('refuses a key that would set a prototype', () => {
    expect(() => json.parseValue(JSON.parse('{"a":{"__proto__":{"admin":true}}}'))).toThrow('__proto__');
    expect(() => json.parseLiteral(parseValue('{ __proto__: { admin: true } }'))).toThrow('__proto__');
  });

  it('reads literals, with variables', () => {
    const literal = parseValue('{ a: [1, 2.5, "x", true, null, RED], b: { c: $v, d: $none }, e: [$none] }');
    expect(json.parseLiteral(literal, { v: { deep: [1] } })).toEqual({
      a: [1, 2.5, 'x', true, null, 'RED'],
      b: { c: { deep: [1] } },
      e: [null],
    });
  });

  it('is bounded in depth and size, lists included', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = i % 2 === 0 ? [deep] : { deep };
    expect(() => json.parseValue({ deep })).toThrow('must be at most 64 levels deep');
    expect(() => json.parseValue({ many: Array(70_000).fill(0) })).toThrow('must be at most 65536 characters');
  });
});
