/** The options that several commands have. */
export const TENANT = { type: 'string', description: 'Whose data (CURIO_DEFAULT_TENANT)', valueHint: 'id' } as const;
export const SEED = {
  type: 'string',
  description: 'The same seed makes the same result',
  default: '1',
  valueHint: 'n',
} as const;
export const TUNE = {
  type: 'string',
  description: 'Search the parameters first, for so many minutes (5)',
  valueHint: 'minutes',
} as const;

export const MOST_ROWS = 10_000_000;
export const MOST_MINUTES = 24 * 60;
export const LARGEST_SEED = 2 ** 32 - 1;
