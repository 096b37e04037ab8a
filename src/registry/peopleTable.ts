import { z } from 'zod';
import type { User } from '../domain/entities.js';
import { namedColumn, normaliseTag, tagMatrix } from './itemTable.js';
import type { PeopleTable } from './snapshot.js';

/** The strings of a people table; its numbers are stored as arrays of their own. */
export const peopleNamesSchema = z.object({
  ids: z.array(z.string()),
  genders: z.array(z.string()),
  locations: z.array(z.string()),
  interests: z.array(z.string()),
});

/** A people table without what can be derived from the rest. */
export type PeopleColumns = Omit<PeopleTable, 'size' | 'indexOf'>;

/**
 * People in dense form. `ids` rise (by code unit); `profiles` in their order, null for someone who is known by what they
 * did alone.
 * @throws RangeError when the ids are not in order or not unique.
 */
export function buildPeopleTable(
  ids: readonly string[],
  profiles: readonly (Pick<User, 'age' | 'gender' | 'location' | 'interests'> | null)[],
): PeopleTable {
  const { tagNames, tags } = tagMatrix(profiles.map((profile) => words(profile?.interests ?? [])));
  return openPeopleTable({
    ids,
    age: Int32Array.from(profiles, (profile) => profile?.age ?? -1),
    gender: namedColumn(profiles.map((profile) => word(profile?.gender))),
    location: namedColumn(profiles.map((profile) => word(profile?.location))),
    interestNames: tagNames,
    interests: tags,
  });
}

/** Adds the look-up of ids. Whoever was erased has a row without an id, which nothing finds. */
export function openPeopleTable(columns: PeopleColumns): PeopleTable {
  const { ids } = columns;
  const index = new Map<string, number>();
  let previous: string | undefined;
  for (const [at, id] of ids.entries()) {
    if (id === '') continue;
    if (previous !== undefined && previous >= id) {
      throw new RangeError(`the ids of a people table rise; "${id}" comes after "${previous}"`);
    }
    index.set(id, at);
    previous = id;
  }
  return { ...columns, size: ids.length, indexOf: (id) => index.get(id) ?? -1 };
}

/** A trait as it is compared: null where there is none. */
export function word(text: string | null | undefined): string | null {
  const normal = normaliseTag(text ?? '');
  return normal === '' ? null : normal;
}

/** Traits as they are compared, each once, in order. */
export function words(texts: readonly string[]): string[] {
  return [...new Set(texts.map(normaliseTag))].filter((text) => text !== '').sort();
}
