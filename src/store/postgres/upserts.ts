import type { Pool } from 'pg';
import type { ItemDraft, UserDraft } from '../../domain/entities.js';
import type { UpsertCounts } from '../ports/entityStore.js';
import { selectUntil } from './cancellable.js';
import { retrying } from './retry.js';

interface Column {
  readonly name: string;
  /** Its name in a draft. */
  readonly member: string;
  readonly type: 'text' | 'text[]' | 'smallint' | 'jsonb' | 'boolean';
  /** Whether a draft that does not say it leaves it as it was. */
  readonly stays?: boolean;
}

const column = (name: string, type: Column['type'], member = name): Column => ({ name, member, type });

const USER_COLUMNS = [
  column('name', 'text'),
  column('age', 'smallint'),
  column('gender', 'text'),
  column('location', 'text'),
  column('bio', 'text'),
  column('interests', 'text[]'),
  // What a person decided outlives those who copy their profile here every night.
  { ...column('personalised', 'boolean'), stays: true },
];

const ITEM_COLUMNS = [
  column('kind', 'text'),
  column('title', 'text'),
  column('description', 'text'),
  column('category', 'text'),
  column('tags', 'text[]'),
  column('preview_url', 'text', 'previewUrl'),
  column('author_id', 'text', 'authorId'),
  column('attributes', 'jsonb'),
];

/**
 * Drafts travel as one JSON array ($2): it holds lists of different lengths, which UNNEST cannot. Rows are locked in
 * the order of their ids, so that two upserts cannot wait for each other, and a row that would not change is not
 * written. Answers one row for each that was, true where it is new.
 */
function upsertSql(table: string, columns: readonly Column[], dated: boolean): string {
  const names = columns.map(({ name }) => name);
  const next = columns.map(({ name, stays }) =>
    stays ? `coalesce(excluded.${name}, old.${name})` : `excluded.${name}`,
  );
  // Drafts without a creation time leave that of an existing row alone.
  const compared = dated ? [...names, 'created_at'] : names;
  const becoming = dated ? [...next, 'excluded.created_at'] : next;
  const values = columns.map(({ member, type }) =>
    type === 'text[]' ? `coalesce(d."${member}", '{}')` : `d."${member}"`,
  );
  return `
    INSERT INTO ${table} AS old (tenant, id, ${names.join(', ')}, created_at, updated_at)
    SELECT $1, d.id, ${values.join(', ')}, coalesce(d."createdAt", $3), $3
    FROM jsonb_to_recordset($2::jsonb)
      AS d(id text, ${columns.map(({ member, type }) => `"${member}" ${type}`).join(', ')}, "createdAt" timestamptz(3))
    ORDER BY d.id
    ON CONFLICT (tenant, id) DO UPDATE SET
      ${compared.map((name, at) => `${name} = ${becoming[at]}`).join(', ')}, updated_at = excluded.updated_at
    WHERE (${compared.map((name) => `old.${name}`).join(', ')})
      IS DISTINCT FROM (${becoming.join(', ')})
    RETURNING xmax = 0`;
}

const users = { dated: upsertSql('users', USER_COLUMNS, true), undated: upsertSql('users', USER_COLUMNS, false) };
const items = { dated: upsertSql('items', ITEM_COLUMNS, true), undated: upsertSql('items', ITEM_COLUMNS, false) };

export function upsertUsers(
  pool: Pool,
  tenant: string,
  drafts: readonly UserDraft[],
  now: Date,
  signal?: AbortSignal,
): Promise<UpsertCounts> {
  return upsert(pool, users, tenant, drafts, now, signal);
}

export function upsertItems(
  pool: Pool,
  tenant: string,
  drafts: readonly ItemDraft[],
  now: Date,
  signal?: AbortSignal,
): Promise<UpsertCounts> {
  return upsert(pool, items, tenant, drafts, now, signal);
}

async function upsert(
  pool: Pool,
  sql: { readonly dated: string; readonly undated: string },
  tenant: string,
  drafts: readonly (UserDraft | ItemDraft)[],
  now: Date,
  signal?: AbortSignal,
): Promise<UpsertCounts> {
  const last = [...new Map(drafts.map((draft) => [draft.id, draft])).values()];
  const parts = [
    { text: sql.dated, rows: last.filter((draft) => draft.createdAt !== undefined) },
    { text: sql.undated, rows: last.filter((draft) => draft.createdAt === undefined) },
  ];
  let created = 0;
  for (const { text, rows } of parts) {
    if (rows.length === 0) continue;
    const written = await retrying(() =>
      selectUntil(pool, signal, { text, values: [tenant, JSON.stringify(rows), now] }),
    );
    created += written.filter(([isNew]) => isNew === true).length;
  }
  return { created, updated: last.length - created };
}
