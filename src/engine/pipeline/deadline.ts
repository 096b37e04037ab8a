/** Not an answer in time. */
export class Late extends Error {
  override readonly name = 'Late';
}

/** The answer, or Late after `ms`. What arrives afterwards is dropped, an error too. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
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
