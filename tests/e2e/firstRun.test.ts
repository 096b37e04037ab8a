import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { openCurio } from '../helpers/curio.js';
import { environments } from '../helpers/environments.js';

interface List {
  readonly recommendations: {
    readonly requestId: string;
    readonly algorithmVersion: string;
    readonly degraded: string;
    readonly cached: boolean;
    readonly recommendations: readonly {
      readonly score: number;
      readonly reason: string;
      readonly item: { readonly id: string; readonly title: string; readonly previewUrl: string };
    }[];
  };
}
const LIST = `query ($userId: ID!, $excludeSeen: Boolean) {
  recommendations(userId: $userId, first: 20, excludeSeen: $excludeSeen) {
    requestId algorithmVersion degraded cached recommendations { score reason item { id title previewUrl } }
  }
}`;
const FEEDBACK = 'mutation ($input: FeedbackInput!) { sendFeedback(input: $input) { eventId duplicate } }';

const leftovers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const dispose of leftovers.splice(0).reverse()) await dispose();
});

describe('a first run from nothing', () => {
  it('start makes a world, learns it, serves it, and finds it again', async () => {
    const curio = await openCurio({}, { fresh: true });
    leftovers.push(curio.dispose);
    const first = await curio.serve('start');
    const { recommendations: list } = (await first.graphql<List>(LIST, { userId: 'user-1' })).data;
    expect(list.degraded).toBe('NONE');
    expect(list.recommendations).toHaveLength(20);
    for (const { score, reason, item } of list.recommendations) {
      expect(item.title).not.toBe('');
      expect(reason).not.toBe('');
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    const preview = await fetch(new URL(list.recommendations[0]?.item.previewUrl ?? '', first.url));
    expect(preview.headers.get('content-type')).toContain('image/svg+xml');
    const printed = /(curl -s .*)$/m.exec(first.output())?.[1] ?? '';
    expect(printed).toContain('/graphql');
    expect(await first.end('SIGINT')).toBe(0);

    const second = await curio.serve('start');
    const again = (await second.graphql<List>(LIST, { userId: 'user-1' })).data.recommendations;
    expect(again.algorithmVersion).toBe(list.algorithmVersion);
    expect(await second.end('SIGTERM')).toBe(0);
  });
});

describe.each(environments())('a run on $name', ({ open }) => {
  it('start learns the world that is there; feedback changes the very next answer, and a kill loses none that was acknowledged', async () => {
    const environment = await open();
    leftovers.push(environment.dispose);
    const curio = await openCurio(environment.env);
    leftovers.push(curio.dispose);
    await curio.run('sample', '--users', '100', '--items', '120', '--seed', '3');
    const server = await curio.serve('start');

    const before = (await server.graphql<List>(LIST, { userId: 'user-2' })).data.recommendations;
    expect((await server.graphql<List>(LIST, { userId: 'user-2' })).data.recommendations.cached).toBe(true);
    expect(before.degraded).toBe('NONE');
    const [skipped, hidden] = before.recommendations;
    for (const [action, entry] of [
      ['SKIP', skipped],
      ['HIDE', hidden],
    ] as const) {
      const input = { userId: 'user-2', action, target: { itemId: entry?.item.id }, requestId: before.requestId };
      expect((await server.graphql(FEEDBACK, { input })).errors).toBeUndefined();
    }
    const after = (await server.graphql<List>(LIST, { userId: 'user-2' })).data.recommendations;
    expect(after.cached).toBe(false);
    const ids = after.recommendations.map(({ item }) => item.id);
    expect(ids).not.toContain(skipped?.item.id);
    expect(ids).not.toContain(hidden?.item.id);

    // Callers that send one event after another until the server dies under them.
    const acknowledged: string[] = [];
    const caller = async () => {
      for (;;) {
        const eventId = randomUUID();
        const input = {
          eventId,
          userId: 'user-3',
          action: 'VIEW',
          target: { itemId: `lens-${1 + (acknowledged.length % 100)}` },
        };
        try {
          const { data } = await server.graphql<{ sendFeedback: { eventId: string } }>(FEEDBACK, { input });
          acknowledged.push(data.sendFeedback.eventId);
        } catch {
          return;
        }
        if (acknowledged.length === 150) void server.end('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: 16 }, caller));
    expect(acknowledged.length).toBeGreaterThanOrEqual(150);

    const healed = await curio.serve('start');
    const { algorithmVersion } = (await healed.graphql<List>(LIST, { userId: 'user-2' })).data.recommendations;
    expect(algorithmVersion).toBe(before.algorithmVersion);
    const resend = acknowledged.map((eventId) => ({
      eventId,
      userId: 'user-3',
      action: 'VIEW',
      target: { itemId: 'lens-1' },
    }));
    for (let at = 0; at < resend.length; at += 500) {
      const inputs = resend.slice(at, at + 500);
      const { data } = await healed.graphql<{ sendFeedbackBatch: { accepted: number; duplicates: number } }>(
        'mutation ($inputs: [FeedbackInput!]!) { sendFeedbackBatch(inputs: $inputs) { accepted duplicates } }',
        { inputs },
      );
      expect(data.sendFeedbackBatch).toEqual({ accepted: 0, duplicates: inputs.length });
    }
    expect(await healed.end('SIGTERM')).toBe(0);
  });
});
