import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Tables can be spread over servers by tenant, and within a tenant by person, only while primary keys begin that way. These do not;
 * `docs/scale.md` says what becomes of each.
 */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['ApiKey', 'is looked up before the tenant is known'],
  ['PostDelta', 'a queue that is emptied in its order'],
  ['MediaDeletion', 'a queue of files, which belong to nobody any more'],
]);

/** Whose rows are a person's, and by which member. */
const PERSONAL: ReadonlyMap<string, string> = new Map([
  ['Interaction', 'userId'],
  ['Follow', 'followerId'],
  ['Block', 'blockerId'],
  ['TimelineRow', 'userId'],
]);

const schema = readFileSync(path.resolve(import.meta.dirname, '../../../prisma/schema.prisma'), 'utf8');
const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => {
  const composite = /^\s*@@id\(\[([^\]]+)\]/m.exec(body)?.[1];
  const single = /^\s*(\w+)\s.*@id\b/m.exec(body)?.[1] ?? '';
  const uniques = [...body.matchAll(/@@unique\(\[([^\]]+)\]/g)].map(([, members = '']) => membersOf(members));
  const lone = [...body.matchAll(/^\s*(\w+)\s.*@unique\b/gm)].map(([, member = '']) => [member]);
  return { name, key: composite === undefined ? [single] : membersOf(composite), uniques: [...uniques, ...lone] };
});

function membersOf(list: string): string[] {
  return list.split(',').map((member) => member.trim());
}

describe('a schema that can be sharded', () => {
  it('is read whole', () => {
    expect(models.map(({ name }) => name)).toEqual(expect.arrayContaining([...ELSEWHERE.keys(), ...PERSONAL.keys()]));
    expect(models.length).toBe(schema.match(/^model /gm)?.length);
    expect(models.filter(({ key }) => key.includes(''))).toEqual([]);
  });

  it.each(models)('$name has the tenant in front of its key', ({ name, key, uniques }) => {
    if (ELSEWHERE.has(name)) expect(key[0]).not.toBe('tenant');
    else expect(key[0]).toBe('tenant');
    for (const unique of uniques) expect(unique[0]).toBe('tenant');
  });

  it.each([...PERSONAL])('%s has the person after the tenant', (name, member) => {
    expect(models.find((model) => model.name === name)?.key.slice(0, 2)).toEqual(['tenant', member]);
  });
});
