import type { ArtefactValue } from '../artefacts.js';
import { RegistryError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { openPeopleTable, peopleNamesSchema } from '../peopleTable.js';
import type { PeopleModel, PeopleTable, SparseRows } from '../snapshot.js';
import { checkLength, checkRows, fromRows } from './sparseRows.js';

const NAMES = 'people';
const AGE = 'people-age';
const GENDER = 'people-gender';
const LOCATION = 'people-location';
const INTERESTS = 'people-interest';
const NEAR = 'people-near';
const TAKERS = 'taker';
const COUNTS = 'taker-counts';

export function peopleArtefacts(people: PeopleModel | null): [string, ArtefactValue][] {
  if (people === null) return [];
  const { table, near, takers, takerCounts } = people;
  const names = {
    ids: table.ids,
    genders: table.gender.names,
    locations: table.location.names,
    interests: table.interestNames,
  };
  return [
    [NAMES, { type: 'json', value: new TextEncoder().encode(JSON.stringify(names)) }],
    [AGE, { type: 'int32', value: table.age }],
    [GENDER, { type: 'int32', value: table.gender.codes }],
    [LOCATION, { type: 'int32', value: table.location.codes }],
    ...fromRows(INTERESTS, table.interests),
    ...fromRows(NEAR, near),
    [`${TAKERS}-offsets`, { type: 'int32', value: takers.offsets }],
    [`${TAKERS}-indices`, { type: 'int32', value: takers.indices }],
    [COUNTS, { type: 'float32', value: takerCounts }],
  ];
}

export function hasPeople({ artefacts }: Manifest): boolean {
  return artefacts[NAMES] !== undefined;
}

interface Readers {
  json(name: string): Promise<Uint8Array>;
  int32(name: string): Promise<Int32Array>;
  float32(name: string): Promise<Float32Array>;
  rows(name: string): Promise<SparseRows>;
}

export async function readPeople(read: Readers): Promise<PeopleModel> {
  return {
    table: await readTable(read),
    near: await read.rows(NEAR),
    takers: { offsets: await read.int32(`${TAKERS}-offsets`), indices: await read.int32(`${TAKERS}-indices`) },
    takerCounts: await read.float32(COUNTS),
  };
}

async function readTable({ json, int32, rows }: Readers): Promise<PeopleTable> {
  const names = parseNames(await json(NAMES));
  return openPeopleTable({
    ids: names.ids,
    age: await int32(AGE),
    gender: { names: names.genders, codes: await int32(GENDER) },
    location: { names: names.locations, codes: await int32(LOCATION) },
    interestNames: names.interests,
    interests: await rows(INTERESTS),
  });
}

function parseNames(bytes: Uint8Array) {
  try {
    return peopleNamesSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new RegistryError('people.json does not hold the names of the people', { cause });
  }
}

/** @throws RegistryError naming the artefact that does not fit the others. */
export function checkPeople({ table, near, takers, takerCounts }: PeopleModel, items: number): void {
  checkLength(AGE, table.age.length, table.size);
  checkLength(GENDER, table.gender.codes.length, table.size);
  checkLength(LOCATION, table.location.codes.length, table.size);
  checkRows(INTERESTS, table.interests, table.size);
  checkRows(NEAR, near, table.size);
  checkLength(`${TAKERS}-offsets`, takers.offsets.length, items + 1);
  checkLength(`${TAKERS}-indices`, takers.indices.length, takers.offsets[items] ?? 0);
  checkLength(COUNTS, takerCounts.length, items);
}
