import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../../src/services/history/cursor.js';
import { createWorld, TENANT } from '../../helpers/services.js';
import { START } from '../../helpers/snapshot.js';

describe('history', () => {
  it('pages from the newest to the oldest, each event once, while new ones arrive', async () => {
    const world = createWorld();
    const act = (eventId: string, minutesAgo: number) =>
      world.services.feedback.send(TENANT, {
        userId: 'ann',
        action: 'VIEW',
        target: { itemId: 'horror-000' },
        eventId,
        occurredAt: new Date(START - minutesAgo * 60_000),
      });
    // Several at the same moment: order of arrival tells them apart.
    for (let n = 0; n < 10; n++) await act(`e${n}`, Math.floor((10 - n) / 3));
    const read: string[] = [];
    let after: string | null = null;
    for (let page = 0; ; page++) {
      const { edges, pageInfo } = await world.services.history.page(TENANT, 'ann', 3, after);
      read.push(...edges.map(({ node }) => node.eventId));
      expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
      await act(`new ${page}`, 0);
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(read).toEqual(['e9', 'e8', 'e7', 'e6', 'e5', 'e4', 'e3', 'e2', 'e1', 'e0']);
  });

  it('is one empty page for someone who never acted', async () => {
    expect(await createWorld().services.history.page(TENANT, 'nobody', 3, null)).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });
});

describe('cursors', () => {
  it('come back as they were', () => {
    const moment = fc.integer({ min: -8.64e15, max: 8.64e15 });
    fc.assert(
      fc.property(moment, fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (occurredAt, seq) => {
        expect(decodeCursor('after', encodeCursor({ occurredAt, seq }))).toEqual({ occurredAt, seq });
      }),
    );
  });

  it('of anybody else are refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.base64String(), fc.string({ unit: fc.constantFrom('0', '9', '.', '-') })),
        (text) => {
          for (const cursor of [text, Buffer.from(text).toString('base64url')]) {
            let decoded: ReturnType<typeof decodeCursor> | null = null;
            try {
              decoded = decodeCursor('after', cursor);
            } catch (error) {
              expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
            }
            if (decoded !== null) expect(encodeCursor(decoded)).toBe(cursor);
          }
        },
      ),
    );
    const far = Buffer.from('9999999999999999.1').toString('base64url');
    for (const cursor of ['', 'x', far, `${encodeCursor({ occurredAt: 1, seq: 1n })}=`]) {
      expect(() => decodeCursor('after', cursor)).toThrow('after must be a cursor of this listing');
    }
  });
});
