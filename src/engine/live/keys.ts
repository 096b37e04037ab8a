import { hash } from 'node:crypto';

/**
 * One key out of parts that callers chose: `a:b` and `c` never meet `a` and `b:c`. The parts are digested (128 bits), so that
 * no key of a shared store names a person.
 */
export function keyOf(kind: string, ...parts: readonly string[]): string {
  return `${kind}:${hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 22)}`;
}
