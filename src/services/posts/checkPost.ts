import { badInput } from '../../domain/errors.js';
import { MEDIA_TYPES, type PostDraft } from '../../domain/posts.js';
import type { MediaTicket } from '../../store/ports/mediaStore.js';
import { checkText, checkWhole } from '../checks.js';
import type { PostRequest } from './types.js';

const TEXT = 5_000;
const COMMENT = 2_000;
const TITLE = 80;
const TAGS = 20;
const TAG = /#([\p{L}\p{N}_]{1,64})/gu;

/** @throws CurioError BAD_USER_INPUT naming the field and what would be right. */
export function checkPost({ text, media }: PostRequest, mostBytes: number): void {
  checkWords('text', text, TEXT);
  if (media === null) return;
  if (!Object.hasOwn(MEDIA_TYPES, media.type)) {
    throw badInput('media.type', `must be one of ${Object.keys(MEDIA_TYPES).join(', ')}`);
  }
  checkWhole('media.bytes', media.bytes, 1, mostBytes);
}

/** @throws CurioError BAD_USER_INPUT */
export function checkComment(text: string): void {
  checkWords('text', text, COMMENT);
}

function checkWords(field: string, text: string, longest: number): void {
  checkText(field, text, longest);
  if (text.trim() === '') throw badInput(field, 'must not be blank');
}

/** What the item of a post says: its first line for a title, and the words marked with `#` for tags. */
export function wordsOf(text: string): Pick<PostDraft, 'title' | 'text' | 'tags'> {
  const [line = ''] = text.trim().split(/[\p{Cc}\u2028\u2029]/u);
  const letters = [...line.trim()];
  const title =
    letters.length > TITLE
      ? `${letters
          .slice(0, TITLE - 1)
          .join('')
          .trimEnd()}…`
      : letters.join('');
  const tags = new Set(Array.from(text.matchAll(TAG), ([, tag = '']) => tag.toLowerCase()));
  return { title, text, tags: [...tags].slice(0, TAGS) };
}

export function keyOfMedia(id: string, { type }: MediaTicket): string {
  return `${id}.${MEDIA_TYPES[type] ?? ''}`;
}
