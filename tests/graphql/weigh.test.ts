import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { weigh } from '../../src/graphql/limits/weigh.js';
import { buildSchema } from '../../src/graphql/schema.js';

const schema = buildSchema();

function of(query: string) {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return weigh(schema, document, operation);
}

describe('weigh', () => {
  it('multiplies list sizes along a path and adds up paths', () => {
    // recommendations 5, its list 5, items 5, similar 5 × 3, their items 5 × 3.
    const query =
      '{ recommendations(first: 5) { recommendations { item { title similar(first: 3) { item { id } } } } } }';
    expect(of(query)).toEqual({ depth: 6, fields: 7, aliases: 0, directives: 0, objects: 45 });
  });

  it.each([
    ['a default', '{ similarItems(itemId: "a") { score } }', 10],
    ['null', '{ similarItems(itemId: "a", first: null) { score } }', 10],
    ['a variable', 'query($n: Int) { similarItems(itemId: "a", first: $n) { score } }', 100],
    ['a variable of a smaller field', 'query($n: Int) { item(id: "a") { similar(first: $n) { score } } }', 21],
    ['more than is allowed', '{ similarItems(itemId: "a", first: 1000000) { score } }', 100],
    ['less than is allowed', '{ similarItems(itemId: "a", first: -5) { score } }', 1],
    ['ids', '{ items(ids: ["a", "b", "c"]) { id } }', 3],
    ['one id for a list', '{ items(ids: "a") { id } }', 100],
    ['a variable of ids', 'query($ids: [ID!]!) { items(ids: $ids) { id } }', 100],
    ['aliases', '{ a: items(ids: ["a"]) { id } b: items(ids: ["a"]) { id } }', 2],
  ])('reads the size of a list: %s', (_name, query, objects) => {
    expect(of(query).objects).toBe(objects);
  });

  it('puts fragments in their place wherever they are spread', () => {
    const spread = of(
      '{ a: item(id: "a") { ...F } b: item(id: "b") { ...F } } fragment F on Item { ...G similar(first: 2) { ...H } } fragment G on Item { id } fragment H on ScoredItem { item { ...G } }',
    );
    const written = of(
      '{ a: item(id: "a") { id similar(first: 2) { item { id } } } b: item(id: "b") { id similar(first: 2) { item { id } } } }',
    );
    expect(spread).toEqual(written);
  });

  it('comes to an end on circles and on fragments that double each time', () => {
    expect(of('{ viewer { ...A } } fragment A on User { id ...B } fragment B on User { name ...A }').fields).toBe(3);
    const names = Array.from({ length: 60 }, (_, i) => `F${i}`);
    const fragments = names.map(
      (name, i) => `fragment ${name} on User { ${i === 59 ? 'id' : `...F${i + 1} ... { ...F${i + 1} }`} }`,
    );
    expect(of(`{ viewer { ...F0 } } ${fragments.join(' ')}`).fields).toBe(2 ** 59 + 1);
  });

  it('does not count introspection', () => {
    expect(of('{ __typename __schema { types { fields { type { ofType { name } } } } } }').depth).toBe(0);
  });
});
