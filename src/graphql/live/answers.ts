import type { FormattedExecutionResult } from 'graphql';

/** One answer of a stream, as every subscriber that shares it gets it. */
export interface Answer {
  readonly result: FormattedExecutionResult;
  /** The result as JSON. */
  readonly text: string;
  /** Names the place in the stream; null where the stream has none. */
  readonly cursor: string | null;
}

/** Makes an answer once for all who share it: for as long as the event is alive, by `key`. */
export function createAnswers() {
  const made = new WeakMap<object, Map<string, Promise<Answer>>>();
  return (event: object, key: string | null, make: () => Promise<FormattedExecutionResult>): Promise<Answer> => {
    const finish = async (): Promise<Answer> => {
      const result = await make();
      return { result, text: JSON.stringify(result), cursor: cursorOf(event) };
    };
    if (key === null) return finish();
    const answers = made.get(event) ?? new Map<string, Promise<Answer>>();
    made.set(event, answers);
    const answer = answers.get(key) ?? finish();
    answers.set(key, answer);
    return answer;
  };
}

function cursorOf(event: object): string | null {
  return 'cursor' in event && typeof event.cursor === 'string' ? event.cursor : null;
}
