import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Post } from '../../src/domain/posts.js';
import { eventOf, newTenant } from '../helpers/events.js';
import { eachDatabase } from '../helpers/stores.js';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const SINCE = START - 90 * DAY;
const LEASE = 30_000;

eachDatabase('Posts and feeds', (database) => {
  const posts = () => database.stores().posts;
  const feed = () => database.stores().feed;
  const work = () => database.stores().feedWork;
  let made = 0;

  async function post(tenant: string, authorId: string, parts: { at?: number; limit?: number; tags?: string[] } = {}) {
    const id = randomUUID();
    const written = await posts().create(
      tenant,
      {
        id,
        authorId,
        title: 'A title',
        text: `words of ${authorId}`,
        tags: parts.tags ?? [],
        media: { key: `media-${id}.png`, type: 'image/png' },
        previewUrl: null,
        createdAt: new Date(parts.at ?? START + ++made * 1_000),
      },
      { createAuthor: true, fanOutLimit: parts.limit ?? 1_000 },
    );
    if (written === null) throw new Error('The post was refused.');
    return written;
  }
  const act = (tenant: string, userId: string, action: 'FOLLOW' | 'UNFOLLOW' | 'BLOCK' | 'UNBLOCK', other: string) =>
    database
      .stores()
      .eventLog.append([eventOf({ tenant, eventId: randomUUID(), userId, target: { userId: other }, action })], {
        createMissing: 'all',
      });
  const feedOf = async (tenant: string, userId: string, limit = 100) =>
    (await feed().followed(tenant, userId, SINCE, limit)).map(({ id }) => id);

  /** Does all the work there is, in steps as small as they can be. */
  async function deliverAll(batch = 2): Promise<void> {
    while ((await work().backfill(batch, SINCE)) > 0);
    for (let job = await work().takeJob(LEASE); job !== null; job = await work().takeJob(LEASE)) {
      while (await work().deliver(job, batch, LEASE));
    }
    while ((await work().foldCounts(3)) > 0);
  }

  it('a post is an item and a post, there for everyone until it is deleted', async () => {
    const tenant = newTenant();
    const one = await post(tenant, 'ann', { tags: ['retro'] });
    expect(await posts().posts(tenant, null, ['no', one.id])).toEqual([null, one]);
    expect(await posts().posts(newTenant(), null, [one.id])).toEqual([null]);
    const [item] = await database.stores().entities.items(tenant, [one.id]);
    expect(item).toMatchObject({ kind: 'post', description: 'words of ann', tags: ['retro'], authorId: 'ann' });
    expect(await posts().delete(tenant, one.id)).toBe(true);
    expect(await posts().delete(tenant, one.id)).toBe(false);
    expect(await posts().posts(tenant, null, [one.id])).toEqual([null]);
    const [left] = await database.stores().entities.items(tenant, [one.id]);
    expect(left).toMatchObject({ title: 'Deleted', description: null, tags: [], authorId: null });
    expect(left?.hiddenAt).not.toBeNull();
    expect(await work().takeDoomedMedia(10, LEASE)).toContain(one.media?.key);
    expect(await work().takeDoomedMedia(10, LEASE)).not.toContain(one.media?.key);
    await work().mediaGone([one.media?.key ?? '']);
  });

  it('is refused of an author nobody knows, where authors are not made', async () => {
    const options = { createAuthor: false, fanOutLimit: 10 };
    const draft = { id: 'p', authorId: 'nobody', title: 't', text: 't', tags: [], media: null, previewUrl: null };
    expect(await posts().create(newTenant(), { ...draft, createdAt: new Date(START) }, options)).toBeNull();
  });

  it('likes and comments are counted once, at once and after the counts are added up', async () => {
    const tenant = newTenant();
    const { id } = await post(tenant, 'ann');
    await act(tenant, 'bob', 'FOLLOW', 'ann');
    const at = new Date(START);
    expect(await posts().like(tenant, id, 'bob', at)).toBe('changed');
    expect(await posts().like(tenant, id, 'bob', at)).toBe('unchanged');
    expect(await posts().like(tenant, 'no', 'bob', at)).toBe('unknown');
    expect(await posts().like(tenant, id, 'nobody', at)).toBe('unknown');
    expect(await posts().like(tenant, id, 'ann', at)).toBe('changed');
    expect(await posts().unlike(tenant, id, 'ann')).toBe('changed');
    expect(await posts().unlike(tenant, id, 'ann')).toBe('unchanged');
    expect(await posts().unlike(tenant, 'no', 'ann')).toBe('unknown');
    const comment = { id: randomUUID(), postId: id, authorId: 'cy', text: 'Well!', createdAt: at };
    expect(await posts().comment(tenant, comment, { createAuthor: false })).toBeNull();
    expect(await posts().comment(tenant, comment, { createAuthor: true })).toEqual(comment);
    expect(await posts().comment(tenant, { ...comment, id: 'x', postId: 'no' }, { createAuthor: true })).toBeNull();
    const counts = async () => (await posts().posts(tenant, null, [id])).map((one) => [one?.likes, one?.comments]);
    expect(await counts()).toEqual([[1, 1]]);
    await deliverAll();
    expect(await counts()).toEqual([[1, 1]]);
    expect(await database.sql('SELECT likes, comments FROM posts WHERE tenant = $1', [tenant])).toEqual([
      { likes: 1, comments: 1 },
    ]);
    expect(await posts().likedBy(tenant, 'bob', ['no', id])).toEqual([false, true]);
    expect(await feed().likedAuthors(tenant, 'bob', 10)).toEqual([{ authorId: 'ann', likes: 1 }]);
  });

  it('counts exactly while many like, unlike and others add up', async () => {
    const tenant = newTenant();
    const { id } = await post(tenant, 'ann');
    const people = Array.from({ length: 20 }, (_, n) => `p${n}`);
    for (const person of people) await act(tenant, person, 'FOLLOW', 'ann');
    const at = new Date(START);
    const folding = (async () => {
      for (let n = 0; n < 20; n++) await work().foldCounts(5);
    })();
    await Promise.all([
      folding,
      ...people.flatMap((person, n) => [
        posts().like(tenant, id, person, at),
        posts().like(tenant, id, person, at),
        ...(n % 2 === 0 ? [posts().unlike(tenant, id, person)] : []),
      ]),
    ]);
    const rows = await database.sql('SELECT count(*)::int AS n FROM post_likes WHERE tenant = $1', [tenant]);
    const likes = async () => (await posts().posts(tenant, null, [id]))[0]?.likes;
    expect(await likes()).toBe(rows[0]?.n);
    await deliverAll();
    expect(await likes()).toBe(rows[0]?.n);
  });

  it('comments come newest first, page by page, without those of blocked people', async () => {
    const tenant = newTenant();
    const { id } = await post(tenant, 'ann');
    const write = (authorId: string, n: number) =>
      posts().comment(
        tenant,
        { id: `${authorId}-${n}`, postId: id, authorId, text: 'x', createdAt: new Date(START + n) },
        { createAuthor: true },
      );
    for (const n of [1, 2, 2, 3]) await write(n === 2 ? `b${made++}` : 'bob', n);
    await write('cy', 4);
    const all = await posts().comments(tenant, id, null, 10, null);
    expect(all.map(({ createdAt }) => createdAt.getTime() - START)).toEqual([4, 3, 2, 2, 1]);
    const paged: string[] = [];
    for (let after: { createdAt: number; id: string } | null = null; ; ) {
      const [next] = await posts().comments(tenant, id, 'dan', 1, after);
      if (next === undefined) break;
      paged.push(next.id);
      after = { createdAt: next.createdAt.getTime(), id: next.id };
    }
    expect(paged).toEqual(all.map((one) => one.id));
    await act(tenant, 'cy', 'BLOCK', 'dan');
    await act(tenant, 'dan', 'BLOCK', 'bob');
    const left = await posts().comments(tenant, id, 'dan', 10, null);
    expect(left.map(({ authorId }) => authorId.slice(0, 1))).toEqual(['b', 'b']);
    expect(left.every(({ authorId }) => authorId !== 'bob')).toBe(true);
  });

  it('a feed has what the people one follows posted, whatever has been delivered', async () => {
    const tenant = newTenant();
    const before = await post(tenant, 'ann');
    await act(tenant, 'me', 'FOLLOW', 'ann');
    await act(tenant, 'me', 'FOLLOW', 'bob');
    const [a, b, c] = [await post(tenant, 'ann'), await post(tenant, 'bob', { limit: 0 }), await post(tenant, 'cy')];
    const wanted = [b.id, a.id, before.id];
    expect(await feedOf(tenant, 'me')).toEqual(wanted);
    await work().backfill(100, SINCE);
    expect(await feedOf(tenant, 'me')).toEqual(wanted);
    await deliverAll(1);
    expect(await feedOf(tenant, 'me')).toEqual(wanted);
    expect(await feedOf(tenant, 'me', 2)).toEqual(wanted.slice(0, 2));
    expect(await feedOf(tenant, 'ann')).toEqual([]);
    const rows = await database.sql('SELECT post_id FROM timelines WHERE tenant = $1 ORDER BY created_at', [tenant]);
    expect(rows.map((row) => row.post_id)).toEqual([before.id, a.id]);
    expect((await feed().everyone(tenant, 'me', SINCE, 10)).map(({ id }) => id)).toEqual([c.id, ...wanted]);
    expect(await feed().followed(tenant, 'me', a.createdAt.getTime(), 10)).toMatchObject([{ id: b.id }]);
  });

  it('unfollowed, blocked, hidden and deleted posts are out at once, and back when they may be', async () => {
    const tenant = newTenant();
    for (const author of ['ann', 'bob', 'cy']) await act(tenant, 'me', 'FOLLOW', author);
    const [a, b, c] = [await post(tenant, 'ann'), await post(tenant, 'bob'), await post(tenant, 'cy')];
    await deliverAll();
    const shows = async (...ids: (Post | undefined)[]) => {
      expect(await feedOf(tenant, 'me')).toEqual(ids.map((one) => one?.id));
      const still = await feed().stillFollowed(tenant, 'me', [a.id, b.id, c.id]);
      expect(still.flatMap((one) => (one === null ? [] : [one.id])).reverse()).toEqual(ids.map((one) => one?.id));
    };
    await shows(c, b, a);
    await act(tenant, 'me', 'UNFOLLOW', 'ann');
    await shows(c, b);
    await act(tenant, 'me', 'FOLLOW', 'ann');
    await shows(c, b, a);
    await act(tenant, 'me', 'BLOCK', 'bob');
    await act(tenant, 'cy', 'BLOCK', 'me');
    await shows(a);
    expect(await posts().posts(tenant, 'me', [a.id, b.id, c.id])).toEqual([a, null, null]);
    expect(await posts().like(tenant, c.id, 'me', new Date(START))).toBe('unknown');
    await act(tenant, 'me', 'UNBLOCK', 'bob');
    await act(tenant, 'cy', 'UNBLOCK', 'me');
    await shows(c, b, a);
    await database.stores().entities.hideItem(tenant, c.id);
    await shows(b, a);
    await posts().delete(tenant, b.id);
    await shows(a);
    await deliverAll();
    await shows(a);
  });

  it('erasing someone leaves nothing of what they posted, liked, wrote or were delivered', async () => {
    const tenant = newTenant();
    await act(tenant, 'me', 'FOLLOW', 'ann');
    await act(tenant, 'ann', 'FOLLOW', 'me');
    const [theirs, mine] = [await post(tenant, 'ann'), await post(tenant, 'me')];
    await deliverAll();
    await post(tenant, 'ann');
    await posts().like(tenant, mine.id, 'ann', new Date(START));
    const comment = { id: randomUUID(), postId: mine.id, authorId: 'ann', text: 'x', createdAt: new Date(START) };
    await posts().comment(tenant, comment, { createAuthor: false });
    await posts().like(tenant, theirs.id, 'me', new Date(START));
    expect(await database.stores().entities.eraseUser(tenant, 'ann')).toBe(true);
    await deliverAll();
    expect((await posts().posts(tenant, null, [mine.id]))[0]).toMatchObject({ likes: 0, comments: 0 });
    for (const table of ['timelines', 'post_likes', 'post_comments', 'feed_jobs', 'post_deltas']) {
      expect(await database.sql(`SELECT * FROM ${table} WHERE tenant = $1`, [tenant])).toEqual([]);
    }
    expect(await database.sql('SELECT author_id FROM posts WHERE tenant = $1', [tenant])).toEqual([
      { author_id: 'me' },
    ]);
    const items = await database.sql('SELECT author_id, description FROM items WHERE tenant = $1', [tenant]);
    expect(JSON.stringify(items)).not.toContain('ann');
  });

  it('jobs are leased: nobody else takes one, until its worker is long silent', async () => {
    const tenant = newTenant();
    await deliverAll();
    for (const person of ['a', 'b', 'c']) await act(tenant, person, 'FOLLOW', 'ann');
    await deliverAll();
    const { id } = await post(tenant, 'ann');
    const job = { tenant, postId: id };
    expect(await work().takeJob(LEASE)).toEqual(job);
    expect(await work().takeJob(LEASE)).toBeNull();
    expect(await work().deliver(job, 2, -1)).toBe(true);
    expect(await work().takeJob(LEASE)).toEqual(job);
    // The first worker comes back to life: both do the same, and it is done once.
    const both = await Promise.all([work().deliver(job, 2, LEASE), work().deliver(job, 2, LEASE)]);
    expect(both).toEqual([false, false]);
    expect(await work().deliver(job, 2, LEASE)).toBe(false);
    const rows = await database.sql('SELECT user_id FROM timelines WHERE tenant = $1 ORDER BY 1', [tenant]);
    expect(rows.map((row) => row.user_id)).toEqual(['a', 'b', 'c']);
  });

  it('rows of before a moment are trimmed', async () => {
    const tenant = newTenant();
    await act(tenant, 'me', 'FOLLOW', 'ann');
    const [old, recent] = [await post(tenant, 'ann', { at: 1_000 }), await post(tenant, 'ann')];
    await deliverAll();
    expect(await work().trim(2_000)).toBeGreaterThanOrEqual(1);
    const rows = await database.sql('SELECT post_id FROM timelines WHERE tenant = $1', [tenant]);
    expect(rows).toEqual([{ post_id: recent.id }]);
    expect(await posts().posts(tenant, null, [old.id])).not.toEqual([null]);
  });

  it('delivered or read where it stands, at any moment of the work: the feed is the same', async () => {
    const people = ['a', 'b', 'c', 'd'];
    const person = fc.constantFrom(...people);
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('post' as const), who: person, pulled: fc.boolean() }) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constantFrom(
            'FOLLOW' as const,
            'FOLLOW' as const,
            'UNFOLLOW' as const,
            'BLOCK' as const,
            'UNBLOCK' as const,
          ),
          who: person,
          other: person,
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat() }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constantFrom('backfill' as const, 'deliver' as const, 'all' as const) }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await deliverAll();
        const tenant = newTenant();
        const live: Post[] = [];
        const follows = new Set<string>();
        const blocks = new Set<string>();
        for (const one of steps) {
          if (one.kind === 'post') live.unshift(await post(tenant, one.who, one.pulled ? { limit: 0 } : {}));
          else if (one.kind === 'delete') {
            const [gone] = live.splice(one.which % Math.max(1, live.length), 1);
            if (gone !== undefined) await posts().delete(tenant, gone.id);
          } else if (one.kind === 'backfill') await work().backfill(1, SINCE);
          else if (one.kind === 'all') await deliverAll(1);
          else if (one.kind === 'deliver') {
            const job = await work().takeJob(-1);
            if (job !== null) await work().deliver(job, 1, -1);
          } else if ('other' in one && one.who !== one.other) {
            await act(tenant, one.who, one.kind, one.other);
            const pair = `${one.who}${one.other}`;
            if (one.kind === 'FOLLOW') follows.add(pair);
            if (one.kind === 'UNFOLLOW') follows.delete(pair);
            if (one.kind === 'BLOCK') blocks.add(pair);
            if (one.kind === 'UNBLOCK') blocks.delete(pair);
          }
        }
        for (const who of people) {
          const wanted = live.filter(
            ({ authorId }) => follows.has(who + authorId) && !blocks.has(who + authorId) && !blocks.has(authorId + who),
          );
          expect(await feedOf(tenant, who)).toEqual(wanted.map(({ id }) => id));
        }
      }),
      { numRuns: 25 },
    );
  });
});
