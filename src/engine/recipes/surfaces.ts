/** How different from each other the items of a list are by default, 0 to 1. */
const DIVERSITY: Readonly<Record<string, number>> = { home: 0.15, feed: 0.2, detail: 0.1 };
const OTHER = 0.15;
/** Of a stranger nothing is known: a first list shows a bit of everything. */
const STRANGER = 0.5;

export function surfaceDiversity(surface: string, stranger: boolean): number {
  if (stranger) return STRANGER;
  return Object.hasOwn(DIVERSITY, surface) ? (DIVERSITY[surface] ?? OTHER) : OTHER;
}
