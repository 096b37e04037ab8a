import type { Random } from '../../domain/random.js';

/** The values worth trying, for each parameter that is worth searching; the others stay as they are. */
export type SearchSpace<P> = { readonly [K in keyof P]?: readonly P[K][] };

/** How likely a parameter of a new arm differs from where it started. */
const CHANGE = 0.5;
/** Draws after which a space counts as used up. */
const MOST_DRAWS = 200;

/** Names of the parameters that are searched, in the order they are drawn in. */
export function searched<P>(space: SearchSpace<P>): (keyof P & string)[] {
  const names: (keyof P & string)[] = [];
  for (const name in space) names.push(name);
  return names.sort();
}

/** One change or more from `from`, each to a value of its list drawn with equal chances. Never `from` itself. */
export function vary<P>(space: SearchSpace<P>, from: P, random: Random): P {
  const names = searched(space);
  let next = from;
  for (let draw = 0; draw < MOST_DRAWS && sameValues(names, next, from); draw++) {
    for (const name of names) {
      const values = space[name] ?? [];
      const value = values[Math.floor(random() * values.length)];
      if (random() < CHANGE && value !== undefined) next = { ...next, [name]: value };
    }
  }
  return next;
}

/** Up to `count` different arms around `from`, which comes first and none of which is in `tried`. */
export function drawArms<P>(space: SearchSpace<P>, from: P, count: number, tried: Set<string>, random: Random): P[] {
  const names = searched(space);
  const arms = [from];
  tried.add(armKey(names, from));
  for (let draw = 0; draw < MOST_DRAWS && arms.length < count; draw++) {
    const arm = vary(space, from, random);
    const key = armKey(names, arm);
    if (tried.has(key)) continue;
    tried.add(key);
    arms.push(arm);
  }
  return arms;
}

/** The same for arms that differ in nothing that is searched. */
export function armKey<P>(names: readonly (keyof P & string)[], arm: P): string {
  return JSON.stringify(names.map((name) => arm[name]));
}

function sameValues<P>(names: readonly (keyof P & string)[], one: P, other: P): boolean {
  return names.every((name) => one[name] === other[name]);
}
