/**
 * One key out of parts that callers chose: `a:b` and `c` never meet `a` and `b:c`. Parts keep their spelling but for
 * `%` and `:`.
 */
export function keyOf(kind: string, ...parts: readonly string[]): string {
  return [kind, ...parts.map((part) => part.replaceAll('%', '%25').replaceAll(':', '%3A'))].join(':');
}
