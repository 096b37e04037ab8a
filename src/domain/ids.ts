/** Longest id in UTF-16 code units. */
export const MAX_ID_LENGTH = 256;

/** What every id is, as the end of a sentence that starts with the field's name. */
export const ID_RULE = `must be 1 to ${MAX_ID_LENGTH} characters without control characters`;

/** True for an id a store can keep and give back as it was: bounded, no control characters, no half of a surrogate pair. */
export function isId(text: string): boolean {
  return text.length > 0 && text.length <= MAX_ID_LENGTH && !/[\p{Cc}\p{Cs}]/u.test(text);
}
