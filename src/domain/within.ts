/** Not an answer in time. */
export class Late extends Error {
  override readonly name = 'Late';
}

/**
 * The answer, or Late after `ms`. What arrives afterwards is dropped, an error too. An answer that was there when a late event loop
 * got round to its timers is in time: it is the loop that was late.
 */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // After the turn's input has been read.
      turn = setImmediate(() => reject(new Late(`no answer within ${Math.round(ms)} ms`)));
    }, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    clearImmediate(turn);
  }
}
