import { type Answer, ask, type Server } from './ask.js';
import { HomeDocument, type HomeQuery, SendFeedbackDocument } from './generated/graphql.js';

/** The whole page in one round trip. */
export function home(server: Server): Promise<Answer<HomeQuery>> {
  return ask(server, HomeDocument, {});
}

/** Names of the sections that came poorer than usual, or not at all: show what is there, and ask again in a while. */
export function poorSections({ data, errors, extensions }: Answer<HomeQuery>): string[] {
  const said = data === null ? [] : (['recommendations', 'recommendedUsers', 'feed'] as const);
  return [
    ...said.filter((name) => data?.[name].degraded !== 'NONE'),
    ...(extensions?.degraded ?? []),
    ...(errors ?? []).flatMap(({ path }) => (path === undefined ? [] : [String(path[0])])),
  ];
}

/**
 * Tells that the item at `position` of a list was liked. The id is made before the first try, so that a retry counts once, and the
 * very next list knows of it.
 */
export async function like(server: Server, itemId: string, requestId: string, position: number): Promise<void> {
  const input = { target: { itemId }, action: 'LIKE', requestId, position, eventId: crypto.randomUUID() } as const;
  for (let wait = 500; ; wait *= 2) {
    const errors = await ask(server, SendFeedbackDocument, { input }).then(
      (answer) => answer.errors,
      () => [{ message: 'The network failed', extensions: { code: 'TIMEOUT' } }],
    );
    const [error] = errors ?? [];
    if (error === undefined) return;
    if (wait > 8_000 || !['TIMEOUT', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR'].includes(error.extensions.code)) {
      throw new Error(error.message);
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
