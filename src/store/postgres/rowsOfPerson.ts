import type { Pool } from 'pg';
import type { ExportedRows } from '../ports/privacyStore.js';
import { keysetPage } from './keysetPage.js';
import { asText } from './rows.js';

const PAGE = 500;
const time = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** One kind of row. `key` orders its rows and is unique. */
interface Section {
  readonly section: string;
  readonly from: string;
  readonly key: readonly [name: string, type: string][];
  readonly row: string;
}

const AT: [string, string] = ['created_at', 'timestamptz'];

const SECTIONS: readonly Section[] = [
  {
    section: 'events',
    from: 'interactions r WHERE tenant = $1 AND user_id = $2',
    key: [
      ['occurred_at', 'timestamptz'],
      ['seq', 'bigint'],
    ],
    row: `'eventId', event_id, 'itemId', item_id, 'userId', target_user_id, 'action', action, 'value', value,
      'durationMs', duration_ms, 'requestId', request_id, 'position', position, 'context', context,
      'occurredAt', ${time('occurred_at')}`,
  },
  {
    section: 'follows',
    from: 'follows r WHERE tenant = $1 AND follower_id = $2',
    key: [['followee_id', 'text']],
    row: `'userId', followee_id, 'since', ${time('created_at')}`,
  },
  {
    section: 'followers',
    from: 'follows r WHERE tenant = $1 AND followee_id = $2',
    key: [['follower_id', 'text']],
    row: `'userId', follower_id, 'since', ${time('created_at')}`,
  },
  {
    section: 'blocks',
    from: 'blocks r WHERE tenant = $1 AND blocker_id = $2',
    key: [['blocked_id', 'text']],
    row: `'userId', blocked_id, 'since', ${time('created_at')}`,
  },
  {
    section: 'items',
    from: 'items r WHERE tenant = $1 AND author_id = $2',
    key: [AT, ['id', 'text']],
    row: `'id', id, 'kind', kind, 'title', title, 'description', description, 'category', category, 'tags', tags,
      'attributes', attributes, 'createdAt', ${time('created_at')},
      'mediaKey', (SELECT p.media_key FROM posts p WHERE p.tenant = r.tenant AND p.id = r.id)`,
  },
  {
    section: 'comments',
    from: 'post_comments r WHERE tenant = $1 AND author_id = $2',
    key: [['id', 'text']],
    row: `'id', id, 'postId', post_id, 'text', text, 'createdAt', ${time('created_at')}`,
  },
  {
    section: 'likes',
    from: 'post_likes r WHERE tenant = $1 AND user_id = $2',
    key: [AT, ['post_id', 'text']],
    row: `'postId', post_id, 'createdAt', ${time('created_at')}`,
  },
  {
    section: 'lists',
    from: 'recommendation_requests r WHERE tenant = $1 AND user_id = $2',
    key: [AT, ['request_id', 'text']],
    row: `'requestId', request_id, 'sessionId', session_id, 'surface', surface, 'modelVersion', model_version,
      'degraded', degraded, 'context', context, 'ids', item_ids, 'scores', scores, 'sources', sources,
      'shownAt', ${time('created_at')}`,
  },
];

/** Each page is a query of its own along the key, so that a long history holds neither memory nor a connection. */
export function rowsOf(pool: Pool, tenant: string, userId: string): readonly ExportedRows[] {
  return SECTIONS.map((section) => ({ section: section.section, rows: pages(pool, section, [tenant, userId]) }));
}

async function* pages(
  pool: Pool,
  { from, key, row }: Section,
  person: readonly [string, string],
): AsyncIterable<string[]> {
  const names = key.map(([name]) => `r.${name}`).join(', ');
  const texts = key.map(([name]) => `r.${name}::text`).join(', ');
  const places = key.map(([, type], at) => `$${at + 3}::${type}`).join(', ');
  let after: readonly unknown[] = [];
  for (;;) {
    const rows: unknown[][] = await keysetPage(pool, {
      text: `SELECT jsonb_build_object(${row})::text, ${texts} FROM ${from}
             ${after.length === 0 ? '' : `AND (${names}) > (${places})`} ORDER BY ${names} LIMIT ${PAGE}`,
      values: [...person, ...after],
    });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(([json]) => asText(json));
    if (rows.length < PAGE) return;
    after = last.slice(1);
  }
}
