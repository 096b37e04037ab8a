import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item, User } from '../../src/domain/entities.js';
import { importFolder } from '../../src/importing/importFolder.js';
import { ImportError, type ImportFormat } from '../../src/importing/types.js';
import { eachDatabase } from '../helpers/stores.js';

const MOVIELENS = path.resolve(import.meta.dirname, '../../../shared/data/ml-latest-small');
const NOW = Date.UTC(2026, 5, 1);
const clock = () => NOW;

const present = existsSync(path.join(MOVIELENS, 'ratings.csv'));
if (!present) console.warn(`Skipped: no MovieLens latest-small at ${MOVIELENS}`);

eachDatabase(
  'importing',
  ({ stores }) => {
    let tenant = 'tenant-0';
    let dir: string;
    let rejected: string[] = [];
    beforeEach(async () => {
      tenant = `tenant-${Number(tenant.split('-')[1]) + 1}`;
      dir = await mkdtemp(path.join(os.tmpdir(), 'curio-import-'));
    });
    afterEach(() => rm(dir, { recursive: true }));

    const files = (contents: Record<string, string>) =>
      Promise.all(Object.entries(contents).map(([name, text]) => writeFile(path.join(dir, name), text)));
    const lines = (...rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

    async function run(format: ImportFormat, from = dir) {
      rejected = [];
      const onReject = (file: string, line: number, reason: string) => rejected.push(`${file}:${line}: ${reason}`);
      const counts = await importFolder(
        { stores: stores(), tenant, clock, onReject, onProgress: () => {} },
        format,
        from,
      );
      return Object.fromEntries(counts.map(({ file, ...rest }) => [file, rest]));
    }

    /** Everything the tenant has, to tell whether a second run changes it. */
    async function everything(userIds: readonly string[]) {
      const items: Item[] = [];
      for await (const page of stores().entities.scanItems(tenant)) items.push(...page);
      const itemIds = items.map(({ id }) => id);
      return {
        items,
        users: await stores().entities.users(tenant, userIds),
        stats: await stores().entities.itemStats(tenant, itemIds),
        histories: await Promise.all(userIds.map((id) => stores().eventLog.history(tenant, id, 100, null))),
        count: await stores().eventLog.count(tenant, NOW + 1),
      };
    }

    /** Imports again and expects no new row and nothing changed. */
    async function expectSame(format: ImportFormat, userIds: readonly string[]) {
      const before = await everything(userIds);
      const counts = await run(format);
      for (const { created } of Object.values(counts)) expect(created).toBe(0);
      expect(await everything(userIds)).toEqual(before);
    }

    const itemNamed = async (id: string): Promise<Item | null> =>
      (await stores().entities.items(tenant, [id]))[0] ?? null;
    const userNamed = async (id: string): Promise<User | null> =>
      (await stores().entities.users(tenant, [id]))[0] ?? null;

    describe('import csv', () => {
      it('reads the four files, names what it leaves out, and changes nothing the second time', async () => {
        await files({
          'users.csv':
            'user_id,name,age,gender,location,interests,created_at\n' +
            'u1,Ada,36,female,"London, UK",maths|engines,1815-12-10\nu2,,,,,,\nu3,Old,151,,,,\n',
          'items.csv':
            '\uFEFFtitle,item_id,kind,category,tags,description,author_id,created_at\r\n' +
            '"A ""quoted"", title",i1,post,news,a|b|a,"two\r\nlines",u1,1700000000\r\n' +
            ',i2,,,,,,\r\n',
          'follows.csv': 'follower_id,followee_id,created_at\nu1,u2,1700000000\nu2,u2,\n',
          'interactions.csv':
            'timestamp,user_id,item_id,action,value\n' +
            '1700000000,u1,i1,like,\n1700000000000,u2,i2,RATE,4.5\n2023-11-14T22:13:20Z,u1,i9,VIEW,\n' +
            '1700000000,u9,i1,SAVE,\n1700000000,u1,i1,LIKE,\n,u1,i1,SHARE,\n' +
            '1700000000,u1,i1,WINK,\n1700000000,,i1,LIKE,\n1700000000,u1,i1\n1700000000,u1,i1,RATE,9\n2000000000,u1,i1,VIEW,\n',
        });
        expect(await run('csv')).toEqual({
          'users.csv': { rows: 3, created: 2, existing: 0, rejected: 1 },
          'items.csv': { rows: 2, created: 2, existing: 0, rejected: 0 },
          'follows.csv': { rows: 2, created: 1, existing: 0, rejected: 1 },
          'interactions.csv': { rows: 11, created: 5, existing: 1, rejected: 5 },
        });
        expect(rejected).toEqual([
          'users.csv:4: age must be a number from 0 to 150, got "151"',
          'follows.csv:3: follower_id and followee_id are the same',
          'interactions.csv:10: has 3 fields where the header names 5',
          'interactions.csv:8: action must be one of VIEW, APPLY, LIKE, SAVE, SHARE, SKIP, DISLIKE, HIDE, REPORT, RATE, got "WINK"',
          'interactions.csv:9: user_id is empty',
          'interactions.csv:11: value must be a number from 0 to 5, got "9"',
          'interactions.csv:12: timestamp must lie between 1970 and now, got "2000000000"',
        ]);
        expect(await userNamed('u1')).toEqual({
          id: 'u1',
          name: 'Ada',
          age: 36,
          gender: 'female',
          location: 'London, UK',
          bio: null,
          interests: ['maths', 'engines'],
          personalised: true,
          createdAt: new Date('1815-12-10T00:00:00Z'),
        });
        expect(await userNamed('u2')).toMatchObject({ name: 'u2', age: null, interests: [] });
        expect(await itemNamed('i1')).toMatchObject({
          kind: 'post',
          title: 'A "quoted", title',
          description: 'two\r\nlines',
          category: 'news',
          tags: ['a', 'b'],
          authorId: 'u1',
          createdAt: new Date(1_700_000_000_000),
        });
        expect(await itemNamed('i2')).toMatchObject({ kind: 'item', title: 'i2', tags: [] });
        expect(await itemNamed('i9')).toMatchObject({ title: 'i9' });
        expect(await userNamed('u9')).toMatchObject({ name: 'u9' });
        const history = await stores().eventLog.history(tenant, 'u2', 10, null);
        expect(history).toMatchObject([{ action: 'RATE', value: 4.5, occurredAt: 1_700_000_000_000 }]);
        await expectSame('csv', ['u1', 'u2', 'u3', 'u9']);
      });

      it('imports the same rows in another order and file as the same events', async () => {
        const header = 'user_id,item_id,action,value,timestamp\n';
        const rows = Array.from({ length: 25_000 }, (_, i) => `u${i % 97},i${i % 1009},VIEW,,${1_600_000_000 + i}\n`);
        await files({ 'interactions.csv': header + rows.join('') });
        expect((await run('csv'))['interactions.csv']).toEqual({
          rows: 25_000,
          created: 25_000,
          existing: 0,
          rejected: 0,
        });
        await files({ 'interactions.csv': header + rows.reverse().join('') });
        expect((await run('csv'))['interactions.csv']).toEqual({
          rows: 25_000,
          created: 0,
          existing: 25_000,
          rejected: 0,
        });
        expect(await stores().eventLog.count(tenant, NOW)).toBe(25_000);
      });

      it('says what is missing', async () => {
        await expect(run('csv')).rejects.toThrow(new ImportError(`${dir} has no file interactions.csv.`));
        await files({ 'interactions.csv': 'user,item\n1,2\n' });
        await expect(run('csv')).rejects.toThrow(
          'has no column user_id, item_id, action; its header names user, item.',
        );
        await expect(run('csv', path.join(dir, 'nowhere'))).rejects.toThrow('There is no folder');
        await expect(run('csv', path.join(dir, 'interactions.csv'))).rejects.toThrow(
          'is a file; name the folder it is in',
        );
      });
    });

    describe('import jsonl', () => {
      it('reads the four files, with arrays or separated lists', async () => {
        await files({
          'users.jsonl': lines({ user_id: 'u1', name: 'Ada', interests: ['maths'] }),
          'items.jsonl': lines(
            { item_id: 7, title: 'Seven', tags: 'a|b', created_at: '2024-01-01' },
            { title: 'no id' },
          ),
          'follows.jsonl': lines({ follower_id: 'u1', followee_id: 'u2' }),
          'interactions.jsonl': `${lines({ user_id: 'u1', item_id: 7, action: 'LIKE', timestamp: 1_700_000_000 })}\n{broken\n`,
        });
        expect(await run('jsonl')).toEqual({
          'users.jsonl': { rows: 1, created: 1, existing: 0, rejected: 0 },
          'items.jsonl': { rows: 2, created: 1, existing: 0, rejected: 1 },
          'follows.jsonl': { rows: 1, created: 1, existing: 0, rejected: 0 },
          'interactions.jsonl': { rows: 2, created: 1, existing: 0, rejected: 1 },
        });
        expect(rejected).toEqual(['items.jsonl:2: has no item_id', 'interactions.jsonl:3: is not valid JSON']);
        expect(await itemNamed('7')).toMatchObject({ title: 'Seven', tags: ['a', 'b'] });
        await expectSame('jsonl', ['u1']);
      });
    });

    describe('import gorse', () => {
      it('reads the bulk files of its dashboard', async () => {
        await files({
          'users.jsonl': lines(
            { UserId: '1', Labels: { gender: 'female', age: 30, topics: ['go', 'rust'] }, Comment: 'Ada' },
            { UserId: '2', Labels: ['go'] },
          ),
          'items.jsonl': lines(
            {
              ItemId: 'a',
              IsHidden: false,
              Categories: ['x', 'y'],
              Timestamp: '2020-01-01 01:01:01.000000001 +0000 UTC',
              Labels: { genre: ['comedy', 'sci-fi'], year: 1999 },
              Comment: 'First line\nand more',
            },
            {
              ItemId: 'b',
              IsHidden: true,
              Categories: null,
              Timestamp: '2022-01-01T01:01:01Z',
              Labels: null,
              Comment: '',
            },
          ),
          'feedback.jsonl': lines(
            { FeedbackType: 'read', UserId: '1', ItemId: 'a', Timestamp: '2021-05-04T10:00:00Z', Value: 0 },
            { FeedbackType: 'Star', UserId: '1', ItemId: 'a', Timestamp: '2021-05-04T10:00:01Z' },
            { FeedbackType: 'like', UserId: '3', ItemId: 'c', Timestamp: '0001-01-01 00:00:00 +0000 UTC' },
            { FeedbackType: 'wave', UserId: '1', ItemId: 'a', Timestamp: '2021-05-04T10:00:00Z' },
          ),
        });
        expect(await run('gorse')).toEqual({
          'users.jsonl': { rows: 2, created: 2, existing: 0, rejected: 0 },
          'items.jsonl': { rows: 2, created: 2, existing: 0, rejected: 0 },
          'feedback.jsonl': { rows: 4, created: 3, existing: 0, rejected: 1 },
        });
        expect(rejected[0]).toMatch(/^feedback.jsonl:4: FeedbackType must be one of read, .*, got "wave"$/);
        expect(await userNamed('1')).toMatchObject({
          name: 'Ada',
          age: 30,
          gender: 'female',
          interests: ['go', 'rust'],
        });
        expect(await userNamed('2')).toMatchObject({ name: '2', interests: ['go'] });
        expect(await itemNamed('a')).toMatchObject({
          title: 'First line',
          description: 'First line\nand more',
          category: 'x',
          tags: ['y', 'comedy', 'sci-fi'],
          attributes: { genre: ['comedy', 'sci-fi'], year: 1999 },
          createdAt: new Date('2020-01-01T01:01:01Z'),
          hiddenAt: null,
        });
        expect((await itemNamed('b'))?.hiddenAt).not.toBeNull();
        const history = await stores().eventLog.history(tenant, '1', 10, null);
        expect(history.map(({ action, value }) => [action, value])).toEqual([
          ['SAVE', null],
          ['VIEW', null],
        ]);
        await expectSame('gorse', ['1', '2', '3']);
      });

      it('needs one of its files', async () => {
        await expect(run('gorse')).rejects.toThrow('has none of users.jsonl, items.jsonl and feedback.jsonl');
      });
    });

    describe('import movielens', () => {
      it('makes films of movies and tags, and events of ratings', async () => {
        await files({
          'movies.csv':
            'movieId,title,genres\n1," Toy Story (1995) ",Adventure|Animation|Children\n2,"Cosmos",(no genres listed)\n' +
            '3,Death Note: Desu nôto (2006–2007),Sci-Fi\n4,,Drama\n',
          'tags.csv':
            'userId,movieId,tag,timestamp\n1,1,Pixar,1139045764\n2,1,pixar ,1139045764\n2,1,animation,1\n2,1,lonely,1\n2,1,,1\n',
          'ratings.csv': 'userId,movieId,rating,timestamp\n1,1,4.0,964982703\n1,2,0.5,964982704\n2,9,6,964982704\n',
        });
        expect(await run('movielens')).toEqual({
          'tags.csv': { rows: 5, created: 0, existing: 0, rejected: 1 },
          'movies.csv': { rows: 4, created: 3, existing: 0, rejected: 1 },
          'ratings.csv': { rows: 3, created: 2, existing: 0, rejected: 1 },
        });
        expect(await itemNamed('1')).toMatchObject({
          kind: 'film',
          title: 'Toy Story (1995)',
          category: 'Adventure',
          tags: ['adventure', 'animation', 'children', 'pixar', 'lonely'],
          attributes: { year: 1995 },
          createdAt: new Date('1995-01-01T00:00:00Z'),
        });
        expect(await itemNamed('2')).toMatchObject({ category: null, tags: [], attributes: null });
        expect(await itemNamed('3')).toMatchObject({ attributes: { year: 2006 }, tags: ['sci-fi'] });
        expect(await stores().eventLog.history(tenant, '1', 10, null)).toMatchObject([
          { action: 'RATE', value: 0.5, occurredAt: 964_982_704_000 },
          { action: 'RATE', value: 4, occurredAt: 964_982_703_000 },
        ]);
        await expectSame('movielens', ['1', '2']);
      });

      it.skipIf(!present)(
        'imports the whole of latest-small, twice',
        async () => {
          const { 'ratings.csv': ratings, 'movies.csv': movies } = await run('movielens', MOVIELENS);
          expect(ratings).toEqual({ rows: 100_836, created: 100_836, existing: 0, rejected: 0 });
          expect(movies).toEqual({ rows: 9_742, created: 9_742, existing: 0, rejected: 0 });
          expect(rejected).toEqual([]);
          expect(await itemNamed('1')).toMatchObject({ title: 'Toy Story (1995)', category: 'Adventure' });
          const [stats] = await stores().entities.itemStats(tenant, ['318']);
          expect(stats?.popularity).toBeGreaterThan(250);
          const again = await run('movielens', MOVIELENS);
          expect(again['ratings.csv']).toEqual({ rows: 100_836, created: 0, existing: 100_836, rejected: 0 });
        },
        180_000,
      );
    });
  },
  { clock },
);
