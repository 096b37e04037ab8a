import fc from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

export interface HostileOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const TEXTS = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\udc00\ud800',
  '😀'.repeat(300),
  'x'.repeat(10_000),
  "'; DROP TABLE items; --",
  '$1 %s %n {{7*7}} #{7*7}',
  '<script>alert(1)</script>',
  '../../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  '__MAGIC_DATE__0',
  '\u202e\u200b\ufeff',
  'e\u0301'.repeat(50),
  '%00%',
  '_',
  '\\',
  '"',
  'null',
  'NaN',
  'a\nb\tc',
  '{"a":1}',
  'MjAyNi0wNS0wNFQxMDowMDowMFo=',
];
const IDS = ['user-1', 'user-2', 'user-39', 'lens-1', 'lens-2', 'lens-59', 'nobody', 'post-1'];
const WORDS = ['face', 'dog', 'glasses', 'neon party', 'lens', 'home', 'Berlin', 'eng', 'similar'];
const WHOLES = [0, 1, 2, 5, 10, 20, 100, 101, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 1.5, 2 ** 53];
const NUMBERS = [0, 1, 0.5, -0.0, 5, -1, 1e308, -1e-308, 1e-9, 100, 1e16];
const TIMES = [
  '2026-05-04T10:00:00Z',
  '1970-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T00:00:00Z',
  'yesterday',
];

/**
 * Operations over every field of a schema: three fields of a root type, arguments of the right shape most of the time and of a
 * hostile one otherwise, as literals or as variables.
 */
export function hostileOperation(schema: GraphQLSchema): fc.Arbitrary<HostileOperation> {
  return fc.infiniteStream(fc.nat({ max: 2 ** 30 })).map((stream) => {
    const next = (below: number) => (stream.next().value ?? 0) % below;
    const pick = <T>(from: readonly T[]): T | undefined => from[next(from.length)];
    const rarely = () => next(12) === 0;
    const variables: Record<string, unknown> = {};
    const declared: string[] = [];

    const json = (depth: number): unknown => {
      const kind = next(depth > 4 ? 4 : 7);
      if (kind === 0) return pick(NUMBERS);
      if (kind === 1) return pick(TEXTS);
      if (kind === 2) return next(2) === 0;
      if (kind === 3) return null;
      if (kind === 4) return Array.from({ length: next(4) }, () => json(depth + 1));
      return Object.fromEntries(
        Array.from({ length: next(4) }, (_, at) => [pick(TEXTS.slice(2)) ?? `k${at}`, json(depth + 1)]),
      );
    };

    const scalar = (name: string): unknown => {
      if (rarely()) return json(0);
      if (name === 'Int') return pick(WHOLES);
      if (name === 'Float') return pick(NUMBERS);
      if (name === 'Boolean') return next(2) === 0;
      if (name === 'DateTime') return pick(TIMES);
      if (name === 'JSON') return next(2) === 0 ? { a: json(0) } : json(0);
      if (next(3) === 0) return pick(TEXTS);
      return name === 'ID' ? pick(IDS) : pick(WORDS);
    };

    const value = (type: GraphQLInputType, depth: number): unknown => {
      if (isNonNullType(type)) return rarely() && rarely() ? null : value(type.ofType, depth);
      if (rarely()) return null;
      if (isListType(type)) {
        const length = rarely() ? 120 : next(4);
        return rarely() ? value(type.ofType, depth) : Array.from({ length }, () => value(type.ofType, depth + 1));
      }
      if (isEnumType(type)) return rarely() ? 'NONE_SUCH' : pick(type.getValues().map(({ name }) => name));
      if (!isInputObjectType(type)) return scalar(type.name);
      if (depth > 6) return {};
      const fields = Object.values(type.getFields());
      const wanted =
        type.isOneOf && !rarely() ? [pick(fields)] : fields.filter((field) => isNeeded(field) || next(3) > 0);
      return Object.fromEntries(wanted.flatMap((field) => (field ? [[field.name, value(field.type, depth + 1)]] : [])));
    };

    const argument = ({ name, type }: GraphQLArgument): string => {
      const given = value(type, 0);
      if (next(3) === 0) return `${name}: ${literal(given, type)}`;
      const variable = `v${declared.length}`;
      declared.push(`$${variable}: ${String(type)}`);
      variables[variable] = given;
      return `${name}: $${variable}`;
    };

    const selection = (field: GraphQLField<unknown, unknown>, depth: number, alias: string): string => {
      const wanted = field.args.filter((arg) => isNeeded(arg) || next(3) === 0);
      const args = wanted.length === 0 ? '' : `(${wanted.map(argument).join(', ')})`;
      const of = getNamedType(field.type);
      const inner = isObjectType(of) ? ` { ${selections(of, depth - 1)} }` : '';
      return `${alias}${field.name}${args}${inner}`;
    };

    const selections = (type: GraphQLObjectType, depth: number): string => {
      const fields = Object.values(type.getFields()).filter(
        (field) => depth > 0 || !isObjectType(getNamedType(field.type)),
      );
      const parts = Array.from({ length: 1 + next(5) }, (_, at) => {
        const field = pick(fields);
        return field === undefined ? '__typename' : selection(field, depth, `f${at}: `);
      });
      return ['__typename', ...parts].join(' ');
    };

    const kind = next(3) === 0 ? 'mutation' : 'query';
    const root = kind === 'mutation' ? schema.getMutationType() : schema.getQueryType();
    const fields = Object.values(root?.getFields() ?? {});
    const body = Array.from({ length: 1 + next(3) }, (_, at) => {
      const field = pick(fields);
      return field === undefined ? '__typename' : selection(field, 4, `r${at}: `);
    }).join(' ');
    return { query: `${kind}${declared.length === 0 ? '' : `(${declared.join(', ')})`} { ${body} }`, variables };
  });
}

function isNeeded({ type, defaultValue }: GraphQLArgument | GraphQLInputField): boolean {
  return isNonNullType(type) && defaultValue === undefined;
}

/** A value as GraphQL writes it; enum values stand bare. */
function literal(value: unknown, type: GraphQLInputType): string {
  if (value === null || value === undefined) return 'null';
  if (isNonNullType(type)) return literal(value, type.ofType);
  if (Array.isArray(value)) {
    const inner = isListType(type) ? type.ofType : type;
    return `[${value.map((entry: unknown) => literal(entry, inner)).join(', ')}]`;
  }
  if (isListType(type)) return literal(value, type.ofType);
  if (isEnumType(type) && typeof value === 'string') return value;
  if (typeof value === 'object') {
    const fields = isInputObjectType(type) ? type.getFields() : {};
    const members = Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
      /^[_A-Za-z]\w*$/.test(key) ? [`${key}: ${literal(member, fields[key]?.type ?? type)}`] : [],
    );
    return `{ ${members.join(', ')} }`;
  }
  return JSON.stringify(value);
}
