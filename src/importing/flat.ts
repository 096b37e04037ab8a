import type { Follow, ItemDraft, UserDraft } from '../domain/entities.js';
import type { Interaction } from './event.js';
import {
  actionOf,
  actionValueOf,
  dateOf,
  eventTimeOf,
  idOf,
  lineOf,
  listOf,
  optionalIdOf,
  RowError,
  textOf,
  wholeNumberOf,
} from './fields.js';
import { importFile, optionalFile, requiredFile } from './fileImport.js';
import type { TableFormat } from './table.js';
import type { FileCounts, ImportDeps } from './types.js';
import { followWriter, interactionWriter, itemWriter, userWriter } from './writers.js';

const USERS = { required: ['user_id'], optional: ['name', 'age', 'gender', 'location', 'interests', 'created_at'] };
const ITEMS = {
  required: ['item_id'],
  optional: ['title', 'kind', 'category', 'tags', 'description', 'author_id', 'created_at'],
};
const FOLLOWS = { required: ['follower_id', 'followee_id'], optional: ['created_at'] };
const INTERACTIONS = { required: ['user_id', 'item_id', 'action'], optional: ['value', 'timestamp'] };

/** Curio's own layout, as CSV or as JSON lines: `interactions`, and where they exist `items`, `users` and `follows`. */
export async function importFlat(deps: ImportDeps, dir: string, format: TableFormat): Promise<FileCounts[]> {
  const { clock } = deps;
  const name = (base: string) => `${base}.${format.extension}`;
  const interactions = await requiredFile(dir, name('interactions'));
  const users = await optionalFile(dir, name('users'));
  const items = await optionalFile(dir, name('items'));
  const follows = await optionalFile(dir, name('follows'));
  const counts: FileCounts[] = [];
  if (users !== null) {
    counts.push(await importFile(deps, { file: users, format, columns: USERS, toRow: toUser, ...userWriter(deps) }));
  }
  if (items !== null) {
    counts.push(await importFile(deps, { file: items, format, columns: ITEMS, toRow: toItem, ...itemWriter(deps) }));
  }
  if (follows !== null) {
    const toRow = (values: readonly unknown[]) => toFollow(values, clock());
    counts.push(await importFile(deps, { file: follows, format, columns: FOLLOWS, toRow, ...followWriter(deps) }));
  }
  const toRow = (values: readonly unknown[]) => toInteraction(values, clock());
  const writer = interactionWriter(deps);
  counts.push(await importFile(deps, { file: interactions, format, columns: INTERACTIONS, toRow, ...writer }));
  return counts;
}

function toUser([id, name, age, gender, location, interests, createdAt]: readonly unknown[]): UserDraft {
  const userId = idOf(id, 'user_id');
  const created = dateOf(createdAt, 'created_at');
  return {
    id: userId,
    name: lineOf(name, 'name', 256) ?? userId,
    age: wholeNumberOf(age, 'age', 0, 150),
    gender: lineOf(gender, 'gender', 64),
    location: lineOf(location, 'location', 256),
    interests: listOf(interests, 'interests'),
    ...(created === null ? {} : { createdAt: created }),
  };
}

function toItem([id, title, kind, category, tags, description, author, createdAt]: readonly unknown[]): ItemDraft {
  const itemId = idOf(id, 'item_id');
  const created = dateOf(createdAt, 'created_at');
  return {
    id: itemId,
    kind: lineOf(kind, 'kind', 64) ?? 'item',
    title: lineOf(title, 'title', 512) ?? itemId,
    description: textOf(description, 'description'),
    category: lineOf(category, 'category', 128),
    tags: listOf(tags, 'tags'),
    authorId: optionalIdOf(author, 'author_id'),
    ...(created === null ? {} : { createdAt: created }),
  };
}

function toFollow([follower, followee, createdAt]: readonly unknown[], now: number): Follow {
  const followerId = idOf(follower, 'follower_id');
  const followeeId = idOf(followee, 'followee_id');
  if (followerId === followeeId) throw new RowError('follower_id and followee_id are the same');
  return { followerId, followeeId, createdAt: dateOf(createdAt, 'created_at') ?? new Date(now) };
}

function toInteraction([user, item, act, value, timestamp]: readonly unknown[], now: number): Interaction {
  const action = actionOf(act, 'action');
  return {
    userId: idOf(user, 'user_id'),
    itemId: idOf(item, 'item_id'),
    action,
    value: actionValueOf(value, 'value', action),
    occurredAt: eventTimeOf(timestamp, 'timestamp', now),
  };
}
