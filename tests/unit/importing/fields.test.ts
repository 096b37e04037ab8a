import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEvent } from '../../../src/importing/event.js';
import {
  actionOf,
  actionValueOf,
  eventTimeOf,
  idOf,
  listOf,
  RowError,
  timeOf,
  wholeNumberOf,
} from '../../../src/importing/fields.js';

describe('fields of a row', () => {
  it.each([
    ['964982703', 964982703000],
    ['964982703.5', 964982703500],
    ['1700000000123', 1700000000123],
    [1700000000, 1700000000000],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2024-02-29T10:20', Date.UTC(2024, 1, 29, 10, 20)],
    ['2024-02-29T10:20:30Z', Date.UTC(2024, 1, 29, 10, 20, 30)],
    ['2024-02-29 10:20:30.123456789 +0000 UTC', Date.UTC(2024, 1, 29, 10, 20, 30, 123)],
    ['2024-02-29T10:20:30.5+02:00', Date.UTC(2024, 1, 29, 8, 20, 30, 500)],
    ['2024-02-29T10:20:30-0330', Date.UTC(2024, 1, 29, 13, 50, 30)],
  ])('reads the time %s', (given, expected) => {
    expect(timeOf(given, 't')).toBe(expected);
  });

  it.each(['2023-02-29', '2024-13-01', '24:00', 'yesterday', '1e12', '99999999999999', 'NaN', {}])(
    'refuses the time %s',
    (given) => {
      expect(() => timeOf(given, 't')).toThrow(RowError);
    },
  );

  it('reads every ISO time back to the same millisecond', () => {
    const span = {
      min: new Date('1000-01-01T00:00:00Z'),
      max: new Date('2999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(span), (date) => {
        expect(timeOf(date.toISOString(), 't')).toBe(date.getTime());
      }),
    );
  });

  it('refuses events before 1970 and in the future', () => {
    const now = Date.UTC(2025, 0);
    expect(eventTimeOf('', 't', now)).toBeNull();
    expect(() => eventTimeOf('1969-12-31', 't', now)).toThrow('t must lie between 1970 and now');
    expect(() => eventTimeOf('2026-01-01', 't', now)).toThrow('t must lie between 1970 and now');
  });

  it('never throws anything but a RowError', () => {
    const parsers = [
      (value: unknown) => timeOf(value, 'x'),
      (value: unknown) => idOf(value, 'x'),
      (value: unknown) => listOf(value, 'x'),
      (value: unknown) => actionOf(value, 'x'),
      (value: unknown) => wholeNumberOf(value, 'x', 0, 150),
      (value: unknown) => actionValueOf(value, 'x', 'RATE'),
    ];
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const parser of parsers) {
          try {
            parser(value);
          } catch (error) {
            expect(error).toBeInstanceOf(RowError);
          }
        }
      }),
    );
  });

  it('reads lists, actions, values and ids', () => {
    expect(listOf(' b | a||b ', 'tags')).toEqual(['b', 'a']);
    expect(listOf(['x', ' ', 7, null], 'tags')).toEqual(['x', '7']);
    expect(listOf(undefined, 'tags')).toEqual([]);
    expect(actionOf(' Like ', 'action')).toBe('LIKE');
    expect(() => actionOf('FOLLOW', 'action')).toThrow('action must be one of VIEW, APPLY');
    expect(actionValueOf('', 'value', 'VIEW')).toBeNull();
    expect(actionValueOf('4.5', 'value', 'RATE')).toBe(4.5);
    expect(() => actionValueOf('6', 'value', 'RATE')).toThrow('value must be a number from 0 to 5, got "6"');
    expect(() => actionValueOf(undefined, 'value', 'RATE')).toThrow('value is empty, and RATE needs one');
    expect(idOf(42, 'id')).toBe('42');
    expect(() => idOf('  ', 'id')).toThrow('id is empty');
    expect(() => idOf('x'.repeat(257), 'id')).toThrow('1 to 256 characters');
  });
});

describe('the id of an imported event', () => {
  const row = { userId: 'u', itemId: 'i', action: 'RATE', value: 4, occurredAt: 1_700_000_000_000 } as const;

  it('depends on the content alone, not on tenant or time of import', () => {
    const once = toEvent('a', { ...row, occurredAt: null }, 1);
    const again = toEvent('b', { ...row, occurredAt: null }, 2);
    expect(again.eventId).toBe(once.eventId);
    expect([once.occurredAt, again.occurredAt]).toEqual([1, 2]);
  });

  it('differs when any part differs', () => {
    const others = [
      { ...row, userId: 'ui' },
      { ...row, userId: 'ui', itemId: '' },
      { ...row, itemId: 'j' },
      { ...row, action: 'LIKE' as const },
      { ...row, value: null },
      { ...row, occurredAt: row.occurredAt + 1 },
    ];
    const ids = [row, ...others].map((one) => toEvent('t', one, 0).eventId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
