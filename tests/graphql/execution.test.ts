import fc from 'fast-check';
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLScalarType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getOperationAST,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createExecutor } from '../../src/graphql/execution/executor.js';
import { dateTime } from '../../src/graphql/scalars/dateTime.js';
import { json } from '../../src/graphql/scalars/json.js';
import { buildSchema as buildOwnSchema } from '../../src/graphql/schema.js';
import { arbitraryOperation } from '../helpers/arbitraryOperation.js';

const SDL = /* GraphQL */ `
  scalar DateTime
  scalar JSON
  enum Colour { RED GREEN }
  input Target @oneOf { a: ID b: ID }
  input Inner { target: Target, at: DateTime, many: [Int!], n: Int = 3 }
  input Tree { leaf: String, inner: Tree }
  input Box { at: DateTime, data: JSON, target: Target, colour: Colour = GREEN, inner: Inner, many: [Int!], n: Int = 7 }
  type Query { node: Node! nodes(n: Int = 3): [Node!] holes: [Node] echo(tree: Tree, box: Box, boxes: [Box!], ids: [ID!], n: Int = 5, f: Float, at: DateTime, data: JSON, colour: Colour): String }
  type Mutation { first(n: Int): Int second: Node third: Int! }
  type Node {
    id: ID! number: Int must: Int! child: Node! maybe: Node list: [Node!]! holes: [Node] colour: Colour! at: DateTime
    fails: String failsHard: String! plain: Node! title: String!
  }
`;

/** Resolvers answer by their place in the result alone, now or later, well or badly: both engines see the same. */
function unruly(): GraphQLSchema {
  const schema = buildSchema(SDL);
  for (const [name, scalar] of [
    ['DateTime', dateTime],
    ['JSON', json],
  ] as const) {
    const type = schema.getType(name);
    if (type instanceof GraphQLScalarType)
      Object.assign(type, {
        serialize: scalar.serialize,
        parseValue: scalar.parseValue,
        parseLiteral: scalar.parseLiteral,
      });
  }
  const log: string[] = [];
  const field = (typeName: string, name: string, value: (seed: number, args: object) => unknown) => {
    const type = schema.getType(typeName);
    const found = isObjectType(type) ? type.getFields()[name] : undefined;
    if (found === undefined) throw new Error(`${typeName}.${name}`);
    found.resolve = (_parent, args, _context, info) => {
      let seed = 7;
      let inList = false;
      for (let at: typeof info.path | undefined = info.path; at !== undefined; at = at.prev) {
        inList ||= typeof at.key === 'number';
        for (const char of `${at.key}.`) seed = (Math.imul(seed, 31) + char.charCodeAt(0)) >>> 0;
      }
      if (typeName === 'Mutation') log.push(name);
      // In lists always later: graphql-js leaves rejections of other entries unhandled when one fails at once.
      return when(inList && seed % 3 === 0 ? seed + 1 : seed, () => value(seed, args));
    };
  };
  const node = (title: string) => ({ title });
  field('Query', 'node', () => node('root'));
  field('Query', 'nodes', (_seed, args) => Array.from({ length: sizeOf(args) }, (_, i) => node(`n${i}`)));
  field('Query', 'holes', () => [node('h0'), null, node('h2')]);
  field('Query', 'echo', (_seed, args) => JSON.stringify(args, inOrder));
  field('Mutation', 'first', () => log.length);
  field('Mutation', 'second', () => node(`after ${log.length}`));
  field('Mutation', 'third', () => log.length);
  field('Node', 'id', (seed) => seed);
  field('Node', 'number', (seed) => (seed % 7 === 0 ? null : seed % 100));
  field('Node', 'must', (seed) => (seed % 9 === 0 ? null : seed % 100));
  field('Node', 'child', (seed) => (seed % 11 === 0 ? null : node('child')));
  field('Node', 'maybe', (seed) => (seed % 3 === 0 ? null : node('maybe')));
  field('Node', 'list', (seed) =>
    seed % 13 === 0
      ? null
      : Array.from({ length: seed % 4 }, (_, i) => (seed % 17 === 0 && i === 0 ? null : node(`l${i}`))),
  );
  field('Node', 'holes', (seed) => [node('a'), null, seed % 5 === 0 ? new Error(`hole ${seed}`) : node('b')]);
  field('Node', 'colour', (seed) => (seed % 19 === 0 ? 'MAUVE' : 'RED'));
  field('Node', 'at', (seed) => (seed % 5 === 0 ? 'not a date' : new Date(seed)));
  field('Node', 'fails', (seed) => {
    throw new Error(`fails ${seed}`);
  });
  field('Node', 'failsHard', (seed) => {
    if (seed % 4 === 0) throw new Error(`fails hard ${seed}`);
    return 'fine';
  });
  field('Node', 'plain', () => node('plain'));
  return schema;
}

/** Engines differ in the order of keys, which means nothing. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sizeOf(args: object): number {
  return 'n' in args && typeof args.n === 'number' ? Math.min(args.n, 3) : 0;
}

function when(seed: number, value: () => unknown): unknown {
  if (seed % 3 === 0) return value();
  if (seed % 3 === 1) return Promise.resolve().then(value);
  return new Promise((resolve) => setImmediate(resolve)).then(value);
}

interface Both {
  readonly js: ExecutionResult;
  /** Null when the compiler was not used. */
  readonly compiled: ExecutionResult | null;
}

async function both(
  document: DocumentNode,
  variables: Record<string, unknown> = {},
  operationName?: string,
): Promise<Both> {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('no such operation');
  const schema = unruly();
  const js = await execute({ schema, document, variableValues: variables, ...(operationName && { operationName }) });
  const compiled = await createExecutor({ schema: unruly(), cacheSize: 10 })({
    key: 'k',
    document,
    operation,
    variables,
    context: {},
  });
  return { js: plain(js), compiled: compiled === null ? null : plain(compiled) };
}

const plain = (result: ExecutionResult): ExecutionResult =>
  z.any().parse(
    JSON.parse(
      JSON.stringify({
        ...result,
        ...(result.errors && {
          errors: result.errors.map((e) => ({ message: e.message, path: e.path, locations: e.locations })),
        }),
      }),
    ),
  );

/** Null where a list or object on the way is null: what is reported below that is up to the engine. */
function covered(data: unknown, path: readonly (string | number)[] | undefined): boolean {
  let at: unknown = data;
  for (const key of (path ?? []).slice(0, -1)) {
    if (typeof at !== 'object' || at === null) return true;
    at = Reflect.get(at, key);
  }
  return at === null || at === undefined;
}

function errorsOf({ data, errors = [] }: ExecutionResult): string[] {
  return errors
    .filter(({ path }) => !covered(data, path))
    .map((error) => JSON.stringify(error))
    .sort();
}

function expectSame({ js, compiled }: Both): void {
  if (compiled === null) throw new Error('the compiler was not used');
  expect(compiled.data).toEqual(js.data);
  expect(errorsOf(compiled)).toEqual(errorsOf(js));
  // A null that spread upwards has its cause in both.
  expect((compiled.errors ?? []).length > 0).toBe((js.errors ?? []).length > 0);
}

describe('compiled execution', () => {
  it('answers as graphql-js does, whatever is asked', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryOperation(unruly()), fc.boolean(), fc.boolean(), async (text, yes, no) => {
        const document = parse(text);
        expect(validate(unruly(), document).filter(({ message }) => !/is never used/.test(message))).toEqual([]);
        expectSame(await both(document, { yes, no, n: 2 }));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [
      'a fragment used twice, once left out',
      'query($yes: Boolean!) { node { plain { ...F } child @include(if: $yes) { ...F } plain { title @skip(if: $yes) } } } fragment F on Node { title id @skip(if: $yes) }',
    ],
    [
      'conditions with defaults',
      'query($off: Boolean = true) { node { title @skip(if: $off) id @include(if: $off) } }',
    ],
    ['everything left out', 'query($yes: Boolean!) { node @skip(if: $yes) { title } }'],
    ['mutations in order', 'mutation { first second { title } again: first third }'],
    ['aliases and merged fields', '{ a: node { title } node { plain { id } } node { plain { title } } __typename }'],
    ['names of Object', '{ constructor: node { toString: title hasOwnProperty: id } }'],
  ])('%s', async (_name, text) => {
    expectSame(await both(parse(text), { yes: true }));
  });

  it('chooses the operation by name', async () => {
    const document = parse('query A { node { title } } query B { node { id } }');
    expectSame(await both(document, {}, 'B'));
  });

  it('answers introspection', async () => {
    const document = parse(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }));
    const schema = buildOwnSchema();
    const operation = getOperationAST(document);
    if (!operation) throw new Error('no operation');
    const compiled = await createExecutor({ schema, cacheSize: 1 })({
      key: 'k',
      document,
      operation,
      variables: {},
      context: {},
    });
    expect(compiled?.data).toEqual(plain(await execute({ schema, document })).data);
  });

  it('compiles once per operation and set of conditions, within its bound', async () => {
    const schema = unruly();
    const run = createExecutor({ schema, cacheSize: 2 });
    const document = parse('query($yes: Boolean!) { node { title @include(if: $yes) id } }');
    const operation = getOperationAST(document);
    if (!operation) throw new Error('no operation');
    for (const yes of [true, false, true]) {
      const result = await run({ key: 'k', document, operation, variables: { yes }, context: {} });
      expect(Object.keys(z.object({ node: z.looseObject({}) }).parse(result?.data).node)).toEqual(
        yes ? ['title', 'id'] : ['id'],
      );
    }
  });
});

describe('variables of compiled execution', () => {
  const ECHO =
    parse(`query($box: Box, $boxes: [Box!], $ids: [ID!], $n: Int, $f: Float, $at: DateTime, $data: JSON, $colour: Colour) {
    echo(box: $box, boxes: $boxes, ids: $ids, n: $n, f: $f, at: $at, data: $data, colour: $colour)
  }`);

  const anything = fc.oneof(
    fc.constantFrom<unknown>(null, true, 1, 1.5, -1, 2 ** 31, '', 'RED', 'MAUVE', [], {}, [[]], { a: '1' }),
    fc.string({ maxLength: 3 }),
  );
  /** Mostly what is right, so that most cases get through. */
  const mostly = (right: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 15, arbitrary: right }, { weight: 1, arbitrary: anything });
  const orNone = (members: Record<string, fc.Arbitrary<unknown>>) => fc.record(members, { requiredKeys: [] });
  const int = mostly(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
  const text = mostly(fc.oneof(fc.string(), fc.integer()));
  const time = mostly(fc.constantFrom('2026-05-04T10:00:00Z', '2024-02-29T00:00:00.1+02:00', null));
  const data = mostly(
    fc.dictionary(
      fc.string({ maxLength: 2 }).filter((key) => key !== '__proto__'),
      anything,
      { maxKeys: 2 },
    ),
  );
  const colour = mostly(fc.constantFrom('RED', 'GREEN', null));
  const target = mostly(fc.oneof(fc.record({ a: text }), fc.record({ b: text }), fc.constant(null)));
  const many = mostly(fc.oneof(fc.array(int, { maxLength: 2 }), int));
  const box = mostly(
    orNone({ at: time, data, target, colour, many, n: int, inner: mostly(orNone({ target, at: time, many, n: int })) }),
  );

  it('are read as graphql-js reads them, or left to it', async () => {
    let used = 0;
    await fc.assert(
      fc.asyncProperty(
        orNone({
          box,
          boxes: mostly(fc.oneof(box, fc.array(box, { maxLength: 2 }))),
          ids: mostly(fc.oneof(text, fc.array(text, { maxLength: 2 }))),
          n: int,
          f: mostly(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), int)),
          at: time,
          data,
          colour,
        }),
        async (variables) => {
          const { js, compiled } = await both(ECHO, variables);
          if (compiled === null) return;
          used++;
          expect(js.errors).toBeUndefined();
          expect(echoed(compiled)).toEqual(echoed(js));
        },
      ),
      { numRuns: 500 },
    );
    expect(used).toBeGreaterThan(50);
  });

  it.each([
    ['two members of a @oneOf input', { box: { target: { a: '1', b: '2' } } }],
    ['no member of a @oneOf input', { box: { target: {} } }],
    ['a null member of a @oneOf input', { box: { target: { a: null } } }],
    ['a list for an input object', { boxes: [[]] }],
    ['an unknown enum value', { colour: 'MAUVE' }],
    ['a day that does not exist', { at: '2026-02-30T00:00:00Z' }],
  ])('%s is refused by graphql-js', async (_name, variables) => {
    const { js, compiled } = await both(ECHO, variables);
    expect(compiled).toBeNull();
    expect(js.errors?.[0]?.message).toMatch(/^Variable "/);
  });

  it.each([
    [
      'a literal with a variable inside',
      'query($id: ID!) { echo(box: { target: { a: $id }, many: [1, 2], colour: RED }) }',
      { id: '1' },
    ],
    ['literals of scalars', '{ echo(at: "2026-05-04T10:00:00+02:00", data: { a: [1, { b: "x" }] }, n: null) }', {}],
    ['a list of variables', 'query($id: ID!) { echo(ids: [$id, "2"]) }', { id: '1' }],
    ['one value for a list', 'query($ids: [ID!]) { echo(ids: $ids) }', { ids: 'one' }],
  ])('%s', async (_name, text, variables) => {
    expectSame(await both(parse(text), variables));
  });

  it.each([
    ['a default of a scalar of ours', 'query($at: DateTime = "2026-05-04T10:00:00Z") { echo(at: $at) }'],
    ['a variable inside JSON', 'query($x: Int = 3) { echo(data: { a: $x }) }'],
    ['a variable whose type holds itself', 'query($tree: Tree) { echo(tree: $tree) }'],
    ['the response key __proto__', '{ __proto__: node { title } }'],
  ])('%s is left to graphql-js', async (_name, text) => {
    const { js, compiled } = await both(parse(text));
    expect(compiled).toBeNull();
    expect(js.errors).toBeUndefined();
  });
});

describe('literals made to be run as code', () => {
  const probe = '0); globalThis.curioWasHere = true; (0';
  const marker = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';

  it.each([
    ['in a string', `{ echo(ids: ["${marker}${probe}"]) }`],
    ['in an escaped string', `{ echo(ids: ["\\u005f${marker.slice(1)}${probe}"]) }`],
    ['in a block string', `{ echo(ids: ["""${marker}${probe}"""]) }`],
    ['in JSON', `{ echo(data: { a: "${marker}${probe}" }) }`],
    ['in a key of JSON', `{ echo(data: { ${marker}0: 1 }) }`],
  ])('%s never reach the compiler', async (_name, text) => {
    const { js, compiled } = await both(parse(text));
    expect(compiled).toBeNull();
    expect(js.errors).toBeUndefined();
    expect(Reflect.get(globalThis, 'curioWasHere')).toBeUndefined();
  });
});

function echoed({ data }: ExecutionResult): unknown {
  return JSON.parse(z.object({ echo: z.string() }).parse(data).echo);
}
