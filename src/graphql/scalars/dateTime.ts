import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';

const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
const RULE = 'must be an ISO 8601 date and time with a zone, for example 2026-05-04T10:00:00Z';

/** RFC 3339 times on days that exist, years 1 to 9999; anything finer than a millisecond is cut off. */
export const dateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    if (value instanceof Date) return value.toISOString();
    throw new TypeError('DateTime serialises a Date');
  },
  parseValue: parse,
  parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : undefined),
});

function parse(value: unknown): Date {
  const parts = typeof value === 'string' ? PATTERN.exec(value) : null;
  if (parts === null || typeof value !== 'string') throw new TypeError(RULE);
  const [, year, month, day] = parts;
  if (!isDay(Number(year), Number(month), Number(day))) throw new TypeError(`${RULE}, on a day that exists`);
  const time = Date.parse(value);
  if (!(time >= EARLIEST && time <= LATEST)) throw new TypeError('must be a time in the years 0001 to 9999');
  return new Date(time);
}

/** `Date.parse` rolls 30 February over into March. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
