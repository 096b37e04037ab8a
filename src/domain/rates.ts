/** Limits a caller can have of their own, per minute: whole numbers of at least 1. */
export const RATE_NAMES = ['recommendations', 'feedback', 'search', 'posts', 'cost'] as const;

export type Rates = Readonly<Partial<Record<(typeof RATE_NAMES)[number], number>>>;
