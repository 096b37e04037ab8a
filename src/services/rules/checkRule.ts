import type { RuleDraft } from '../../domain/businessRule.js';
import { badInput } from '../../domain/errors.js';
import { checkId, checkList, checkMoment, checkSurface, checkWhole } from '../checks.js';

const MOST_IDS = 1_000;
const MOST_WORDS = 100;
const WORD = 256;
const MOST_SURFACES = 50;
const MOST_PRIORITY = 1_000_000;
const LEAST_WEIGHT = 0.01;
const MOST_WEIGHT = 100;
/** A list is at most 100 long. */
const LAST_POSITION = 99;
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(10_000, 0, 1) - 1;

/** @throws CurioError BAD_USER_INPUT naming the field and what would be right. */
export function checkRule(draft: RuleDraft): RuleDraft {
  checkId('rule.id', draft.id);
  checkTarget(draft);
  if (draft.surfaces.length > MOST_SURFACES)
    throw badInput('rule.surfaces', `must have at most ${MOST_SURFACES} entries`);
  draft.surfaces.forEach((surface, at) => {
    checkSurface(`rule.surfaces[${at}]`, surface);
  });
  checkWhole('rule.priority', draft.priority, -MOST_PRIORITY, MOST_PRIORITY);
  checkMeasures(draft);
  checkTimes(draft);
  return draft;
}

function checkTarget({ kind, target }: RuleDraft): void {
  if (Object.values(target).every((list) => list.length === 0)) {
    throw badInput('rule.target', 'must name something: a rule about every item is a rule about none');
  }
  for (const name of ['ids', 'authorId'] as const) {
    if (target[name].length > MOST_IDS) throw badInput(`rule.target.${name}`, `must have at most ${MOST_IDS} entries`);
    target[name].forEach((id, at) => {
      checkId(`rule.target.${name}[${at}]`, id);
    });
  }
  for (const name of ['kind', 'category', 'tagsAny', 'tagsAll'] as const) {
    checkList(`rule.target.${name}`, target[name], MOST_WORDS, WORD);
  }
  if (kind !== 'PIN') return;
  const others = Object.values(target).flat().length - target.ids.length;
  if (target.ids.length !== 1 || others > 0)
    throw badInput('rule.target', 'must be one of `ids` and nothing else for a PIN');
}

function checkMeasures({ kind, weight, position }: RuleDraft): void {
  if (kind === 'BOOST') {
    if (weight === null || !(weight >= LEAST_WEIGHT && weight <= MOST_WEIGHT)) {
      throw badInput('rule.weight', `must be ${LEAST_WEIGHT} to ${MOST_WEIGHT} for a BOOST, got ${weight ?? 'none'}`);
    }
  } else if (weight !== null) throw badInput('rule.weight', 'is for a BOOST alone');
  if (kind === 'PIN') {
    if (position === null) throw badInput('rule.position', `must be 0 to ${LAST_POSITION} for a PIN, got none`);
    checkWhole('rule.position', position, 0, LAST_POSITION);
  } else if (position !== null) throw badInput('rule.position', 'is for a PIN alone');
}

function checkTimes({ startsAt, endsAt }: RuleDraft): void {
  const years = 'must be in the years 1970 to 9999';
  if (startsAt !== null) checkMoment('rule.startsAt', startsAt, EARLIEST, LATEST, years);
  if (endsAt !== null) checkMoment('rule.endsAt', endsAt, EARLIEST, LATEST, years);
  if (startsAt !== null && endsAt !== null && endsAt <= startsAt) {
    throw badInput(
      'rule.endsAt',
      `must be later than startsAt, ${startsAt.toISOString()}, got ${endsAt.toISOString()}`,
    );
  }
}
