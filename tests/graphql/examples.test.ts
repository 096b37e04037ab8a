import { Kind, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readExamples } from '../../src/graphql/examples.js';
import { limitsRule } from '../../src/graphql/limits/rule.js';
import { buildSchema } from '../../src/graphql/schema.js';

const schema = buildSchema();
const examples = readExamples();

describe('example operations', () => {
  it.each(examples.map(({ name, query }) => [name, query]))('%s is valid', (_name, query) => {
    expect(validate(schema, parse(query), [...specifiedRules, limitsRule])).toEqual([]);
  });

  it('cover every field of Query, Mutation and Subscription', () => {
    const used = new Set<string>();
    for (const { query } of examples) {
      for (const definition of parse(query).definitions) {
        if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
        for (const selection of definition.selectionSet.selections) {
          if (selection.kind === Kind.FIELD) used.add(`${definition.operation}.${selection.name.value}`);
        }
      }
    }
    const all = [
      ...Object.keys(schema.getQueryType()?.getFields() ?? {}).map((name) => `query.${name}`),
      ...Object.keys(schema.getMutationType()?.getFields() ?? {}).map((name) => `mutation.${name}`),
      ...Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).map((name) => `subscription.${name}`),
    ];
    expect([...used].sort()).toEqual(all.sort());
  });

  it('have a name each, so that GraphiQL can offer them', () => {
    for (const { query } of examples) {
      for (const definition of parse(query).definitions) expect('name' in definition && definition.name).toBeTruthy();
    }
  });
});
