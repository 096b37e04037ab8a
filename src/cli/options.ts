/** Reads a whole number; null when the option was left out. @throws naming the option and its bounds. */
export function wholeNumber(name: string, given: string | undefined, min: number, max: number): number | null {
  if (given === undefined) return null;
  const number = Number(given);
  if (/^\d+$/.test(given) && number >= min && number <= max) return number;
  throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${given}.`);
}

/** Gives options that stand without a value the one they mean: `--tune --seed 1` becomes `--tune=5 --seed 1`. */
export function fillIn(words: readonly string[], meant: Readonly<Record<string, string>>): string[] {
  return words.map((word, at) => {
    const value = Object.hasOwn(meant, word) ? meant[word] : undefined;
    return value === undefined || words[at + 1]?.startsWith('-') === false ? word : `${word}=${value}`;
  });
}

/** Reads one of a few words. @throws naming the option and the words. */
export function oneOf<const T extends string>(name: string, given: string, words: readonly T[]): T {
  const found = words.find((word) => word === given);
  if (found !== undefined) return found;
  throw new Error(`${name} must be one of ${words.join(', ')}, got ${given}.`);
}

/** Reads an ISO 8601 moment as epoch milliseconds; null when the option was left out. */
export function optionalTime(name: string, given: string | undefined): number | null {
  if (given === undefined) return null;
  const time = Date.parse(given);
  if (!Number.isNaN(time)) return time;
  throw new Error(`${name} must be an ISO 8601 time such as 2026-05-04T10:00:00Z, got ${given}.`);
}

/** @throws naming what was given beyond the options a command has, and the options it has. */
export function checkKnown(given: Readonly<Record<string, unknown>>, known: Readonly<Record<string, unknown>>): void {
  const strange = Object.keys(given).find((name) => name !== '_' && !Object.hasOwn(known, name));
  if (strange === undefined) return;
  const names = Object.keys(known).map((name) => `--${name}`);
  throw new Error(`There is no option --${strange} here; there is ${names.join(', ') || 'none'}.`);
}
