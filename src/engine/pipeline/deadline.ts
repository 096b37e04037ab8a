/** Not an answer in time. */
export class Late extends Error {
  override readonly name = 'Late';
}

/**
 * The answer of `work`, or Late after `ms`. What arrives afterwards is dropped, an error too. Work that answers at
 * once costs no timer.
 */
export async function within<T>(ms: number, work: () => T | Promise<T>): Promise<T> {
  const answer = work();
  if (!(answer instanceof Promise)) return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
