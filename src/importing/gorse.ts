import type { ItemDraft, UserDraft } from '../domain/entities.js';
import type { Interaction } from './event.js';
import { actionValueOf, dateOf, eventTimeOf, idOf, lineOf, listOf, numberOf, RowError, textOf } from './fields.js';
import { importFile, optionalFile } from './fileImport.js';
import { gorseAction } from './gorseActions.js';
import { jsonObjectOf, labelTexts } from './gorseLabels.js';
import { jsonLines } from './jsonLines.js';
import { type FileCounts, type ImportDeps, ImportError } from './types.js';
import { interactionWriter, itemWriter, userWriter } from './writers.js';

const USERS = { required: ['UserId'], optional: ['Labels', 'Comment'] };
const ITEMS = { required: ['ItemId'], optional: ['IsHidden', 'Categories', 'Timestamp', 'Labels', 'Comment'] };
const FEEDBACK = { required: ['FeedbackType', 'UserId', 'ItemId'], optional: ['Value', 'Timestamp'] };
const MAX_TITLE_CHARS = 120;
const MAX_TAGS = 50;

interface GorseItem extends ItemDraft {
  readonly hidden: boolean;
}

/**
 * Gorse's bulk files (its dashboard's export): `users.jsonl`, `items.jsonl` and `feedback.jsonl`, at least one of them.
 * Gorse has no names or titles: the first line of the comment, or else the id, stands in.
 */
export async function importGorse(deps: ImportDeps, dir: string): Promise<FileCounts[]> {
  const format = jsonLines;
  const [users, items, feedback] = await Promise.all(
    ['users.jsonl', 'items.jsonl', 'feedback.jsonl'].map((name) => optionalFile(dir, name)),
  );
  const counts: FileCounts[] = [];
  if (users) {
    counts.push(await importFile(deps, { file: users, format, columns: USERS, toRow: toUser, ...userWriter(deps) }));
  }
  if (items) {
    const writer = itemWriter(deps);
    const write = async (batch: readonly GorseItem[]) => {
      const created = await writer.write(batch.map(({ hidden, ...draft }) => draft));
      for (const { id, hidden } of batch) if (hidden) await deps.stores.entities.hideItem(deps.tenant, id);
      return created;
    };
    counts.push(await importFile(deps, { file: items, format, columns: ITEMS, toRow: toItem, ...writer, write }));
  }
  if (feedback) {
    const toRow = (values: readonly unknown[]) => toInteraction(values, deps.clock());
    const writer = interactionWriter(deps);
    counts.push(await importFile(deps, { file: feedback, format, columns: FEEDBACK, toRow, ...writer }));
  }
  if (counts.length === 0) throw new ImportError(`${dir} has none of users.jsonl, items.jsonl and feedback.jsonl.`);
  return counts;
}

function toUser([userId, labelsField, comment]: readonly unknown[]): UserDraft {
  const id = idOf(userId, 'UserId');
  const labels = jsonObjectOf(labelsField);
  return {
    id,
    name: titleFrom(comment) ?? id,
    age: ageOf(labels?.age),
    gender: lineOf(scalar(labels?.gender), 'gender', 64),
    location: lineOf(scalar(labels?.location), 'location', 256),
    interests: labelTexts(labelsField).slice(0, MAX_TAGS),
  };
}

function toItem([itemId, isHidden, categories, timestamp, labels, comment]: readonly unknown[]): GorseItem {
  const id = idOf(itemId, 'ItemId');
  const [category = null, ...others] = listOf(categories, 'Categories');
  const title = titleFrom(comment);
  const text = textOf(comment, 'Comment');
  const createdAt = dateOf(goTime(timestamp), 'Timestamp');
  return {
    id,
    kind: 'item',
    title: title ?? id,
    description: text === title ? null : text,
    category,
    tags: [...new Set([...others, ...labelTexts(labels)])].slice(0, MAX_TAGS),
    attributes: jsonObjectOf(labels),
    hidden: isHidden === true,
    ...(createdAt === null ? {} : { createdAt }),
  };
}

function toInteraction([type, userId, itemId, value, timestamp]: readonly unknown[], now: number): Interaction {
  const action = gorseAction(type);
  // Gorse writes 0 where a type has no value.
  const given = action === 'RATE' || value !== 0 ? value : null;
  return {
    userId: idOf(userId, 'UserId'),
    itemId: idOf(itemId, 'ItemId'),
    action,
    value: actionValueOf(given, 'Value', action),
    occurredAt: eventTimeOf(goTime(timestamp), 'Timestamp', now),
  };
}

/** Go's zero time stands for none. */
function goTime(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('0001-01-01') ? null : value;
}

function titleFrom(comment: unknown): string | null {
  const text = textOf(comment, 'Comment');
  if (text === null) return null;
  const [first = ''] = text.split(/\r?\n/, 1);
  return lineOf(first.slice(0, MAX_TITLE_CHARS), 'Comment', MAX_TITLE_CHARS);
}

/** Labels are anything at all: what does not look like an age is none. */
function ageOf(value: unknown): number | null {
  try {
    const age = numberOf(scalar(value), 'age', 0, 150);
    return age === null ? null : Math.floor(age);
  } catch (error) {
    if (error instanceof RowError) return null;
    throw error;
  }
}

function scalar(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}
