const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * PostgreSQL text holds neither NUL nor half a surrogate pair. The latter would be replaced on the way without a
 * word, and two ids would become one.
 * @throws RangeError naming the field.
 */
export function checkText(field: string, text: string): void {
  if (text.includes('\0') || LONE_SURROGATE.test(text)) {
    throw new RangeError(`${field} holds a character that cannot be stored: ${JSON.stringify(text)}.`);
  }
}
