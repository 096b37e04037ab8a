/** Reads a whole number; null when the option was left out. @throws naming the option and its bounds. */
export function wholeNumber(name: string, given: unknown, min: number, max: number): number | null {
  if (given === undefined) return null;
  const number = Number(given);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${String(given)}.`);
}

/** Reads one of a few words. @throws naming the option and the words. */
export function oneOf<const T extends string>(name: string, given: unknown, words: readonly T[]): T {
  const found = words.find((word) => word === given);
  if (found !== undefined) return found;
  throw new Error(`${name} must be one of ${words.join(', ')}, got ${String(given)}.`);
}

/** Reads an ISO 8601 moment as epoch milliseconds; null when the option was left out. */
export function optionalTime(name: string, given: unknown): number | null {
  if (given === undefined) return null;
  const time = Date.parse(String(given));
  if (!Number.isNaN(time)) return time;
  throw new Error(`${name} must be an ISO 8601 time such as 2026-05-04T10:00:00Z, got ${String(given)}.`);
}
