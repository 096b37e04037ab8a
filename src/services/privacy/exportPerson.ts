import type { EntityStore } from '../../store/ports/entityStore.js';
import type { PrivacyStore } from '../../store/ports/privacyStore.js';

/** One JSON object: `user` (null for someone without a profile), then a list for each kind of row. */
export async function* exportPerson(
  {
    entities,
    privacy,
  }: { readonly entities: Pick<EntityStore, 'users'>; readonly privacy: Pick<PrivacyStore, 'rowsOf'> },
  tenant: string,
  userId: string,
): AsyncIterable<string> {
  const [user = null] = await entities.users(tenant, [userId]);
  yield `{"user":${JSON.stringify(user)}`;
  for (const { section, rows } of privacy.rowsOf(tenant, userId)) {
    yield `,\n${JSON.stringify(section)}:[`;
    let separator = '\n';
    for await (const page of rows) {
      yield separator + page.join(',\n');
      separator = ',\n';
    }
    yield ']';
  }
  yield '}\n';
}
