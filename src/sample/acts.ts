import type { Action } from '../domain/actions.js';
import type { Random } from '../domain/random.js';

/** One thing a person does with an item, some seconds after they came across it. */
export interface Act {
  readonly action: Action;
  readonly afterMs: number;
  readonly durationMs: number | null;
}

/** How often each follows when someone enjoys an item. */
const WHEN_ENJOYED: readonly (readonly [Action, number])[] = [
  ['APPLY', 0.6],
  ['LIKE', 0.38],
  ['SAVE', 0.16],
  ['SHARE', 0.1],
];

/** What someone does who comes across an item that appeals to them with the probability given. Never empty. */
export function actOn(random: Random, appeal: number): Act[] {
  if (random() >= appeal) return [turnAway(random, appeal)];
  const watchedMs = Math.floor(4_000 + 26_000 * random() * appeal);
  const acts: Act[] = [{ action: 'VIEW', afterMs: 0, durationMs: watchedMs }];
  let afterMs = 1_000;
  for (const [action, often] of WHEN_ENJOYED) {
    if (random() >= often) continue;
    afterMs += Math.floor(1_000 + 8_000 * random());
    acts.push({ action, afterMs, durationMs: null });
  }
  return acts;
}

function turnAway(random: Random, appeal: number): Act {
  const roll = random();
  if (roll < 0.06 * (1 - appeal)) return { action: 'DISLIKE', afterMs: 1_500, durationMs: null };
  if (roll < 0.55) return { action: 'SKIP', afterMs: Math.floor(400 + 1_500 * random()), durationMs: null };
  return { action: 'VIEW', afterMs: 0, durationMs: Math.floor(800 + 3_000 * random()) };
}

/** Whether any of it shows that they enjoyed the item. */
export function enjoyed(acts: readonly Act[]): boolean {
  return acts.length > 1 || (acts[0]?.durationMs ?? 0) >= 4_000;
}
