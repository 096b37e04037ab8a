import type { Degradation } from '../../domain/shown.js';

/** Why a list is poorer or empty, for a person to read. */
export const WHY = {
  model: 'There is no trained model yet',
  person: 'What the person did cannot be read at the moment',
  consent: 'The person has not agreed to lists of their own',
  rules: 'The rules of the business cannot be read at the moment, and some of what is shown might break one',
  busy: 'There is too much to do at the moment to rank',
  failed: 'What a better list needs failed or was late',
  nothing: 'Nothing is left that passes the filter and the rules and was not seen or hidden',
  repeated: 'It was so when this request was first answered, or what it had is gone since',
} as const;

const BY_FORMULA = 'The version that serves has no learned ranker, or it failed: ranked by the fixed formula';

/** What a caller is told of it. */
export function poorerBecause(degraded: Degradation, why: string): string | null {
  if (degraded === 'NONE') return null;
  return degraded === 'HEURISTIC_RANKER' ? BY_FORMULA : why;
}
