import { type Clock, MINUTE_MS } from '../../domain/clock.js';

/** How long a search may go on: by the clock, or, so that it comes out the same every time, by the number of trials. */
export type TuningBudget = { readonly minutes: number } | { readonly trials: number };

/** A part of a budget. */
export interface Purse {
  /** Whether another trial may begin; each that may is counted. One that has begun is finished. */
  spend(): boolean;
}

/** Deals a budget out to `parts` searches, one after the other: what one leaves, the later ones share. */
export function dealBudget(budget: TuningBudget, parts: number, clock: Clock): () => Purse {
  let waiting = parts;
  const share = (left: number) => left / Math.max(1, waiting--);
  if ('trials' in budget) {
    let spent = 0;
    return () => {
      const most = spent + Math.floor(share(budget.trials - spent));
      return {
        spend() {
          if (spent >= most) return false;
          spent++;
          return true;
        },
      };
    };
  }
  const end = clock() + budget.minutes * MINUTE_MS;
  return () => {
    const now = clock();
    const until = now + share(end - now);
    return { spend: () => clock() < until };
  };
}
