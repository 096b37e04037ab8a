import type { ItemDraft, UserDraft } from '../../domain/entities.js';
import { badInput } from '../../domain/errors.js';
import { checkId, checkJson, checkLine, checkList, checkMoment, checkText, checkWhole } from '../checks.js';

/** The moments whose year has four digits, the ISO 8601 form that everyone reads. */
const EARLIEST = Date.UTC(1000, 0, 1);
const LATEST = Date.UTC(10_000, 0, 1) - 1;
const LINE = 256;
const TITLE = 512;
const TEXT = 10_000;
const URL_LENGTH = 2_048;
const TAGS = 50;
const TAG_LENGTH = 64;

/** @throws BAD_USER_INPUT naming the field and what would be right. */
export function checkItem(draft: ItemDraft): ItemDraft {
  checkId('id', draft.id);
  checkLine('kind', draft.kind, 64, 1);
  checkLine('title', draft.title, TITLE, 1);
  if (draft.description != null) checkText('description', draft.description, TEXT);
  if (draft.category != null) checkLine('category', draft.category, 128, 1);
  if (draft.tags != null) checkList('tags', draft.tags, TAGS, TAG_LENGTH);
  if (draft.previewUrl != null) checkUrl('previewUrl', draft.previewUrl);
  if (draft.authorId != null) checkId('authorId', draft.authorId);
  if (draft.attributes != null) checkJson('attributes', draft.attributes);
  if (draft.createdAt != null) checkCreated(draft.createdAt);
  return draft;
}

/** @throws BAD_USER_INPUT naming the field and what would be right. */
export function checkUser(draft: UserDraft): UserDraft {
  checkId('id', draft.id);
  checkLine('name', draft.name, LINE, 1);
  if (draft.age != null) checkWhole('age', draft.age, 0, 150);
  if (draft.gender != null) checkLine('gender', draft.gender, 64);
  if (draft.location != null) checkLine('location', draft.location, LINE);
  if (draft.bio != null) checkText('bio', draft.bio, TEXT);
  if (draft.interests != null) checkList('interests', draft.interests, TAGS, TAG_LENGTH);
  if (draft.createdAt != null) checkCreated(draft.createdAt);
  return draft;
}

function checkCreated(moment: Date): void {
  checkMoment('createdAt', moment, EARLIEST, LATEST, 'must be in the years 1000 to 9999');
}

/** An address to show pictures from: never a script. */
function checkUrl(field: string, url: string): void {
  checkLine(field, url, URL_LENGTH, 1);
  const path = url.startsWith('/') && !url.startsWith('//') && !url.startsWith('/\\');
  if (path) return;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw badInput(field, 'must be an http or https address, or a path that begins with "/"');
  }
}
