import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGroupCommit } from '../../../../src/store/postgres/groupCommit.js';

/** An error as PostgreSQL reports values that it cannot store. */
const dataError = () => Object.assign(new Error('invalid byte sequence'), { code: '22021' });
const turn = () => new Promise((done) => setImmediate(done));

/** A write whose groups are recorded and end when told to. */
function controlledWrite() {
  const groups: string[][] = [];
  const endings: (() => void)[] = [];
  const write = (items: readonly string[]) =>
    new Promise<string[]>((resolve) => {
      groups.push([...items]);
      endings.push(() => resolve(items.map((item) => `${item}!`)));
    });
  return { groups, write, end: () => endings.shift()?.() };
}

describe('createGroupCommit', () => {
  it('writes calls of one turn together and answers each its own', async () => {
    const { groups, write, end } = controlledWrite();
    const commit = createGroupCommit({ write, keyOf: (item) => item, maxItems: 10, maxInFlight: 1 });
    const calls = [commit.add(['a', 'b']), commit.add([]), commit.add(['c'])];
    await turn();
    expect(groups).toEqual([['a', 'b', 'c']]);
    end();
    expect(await Promise.all(calls)).toEqual([['a!', 'b!'], [], ['c!']]);
  });

  it('lets the next group gather while one is on its way', async () => {
    const { groups, write, end } = controlledWrite();
    const commit = createGroupCommit({ write, keyOf: (item) => item, maxItems: 10, maxInFlight: 1 });
    const first = commit.add(['a']);
    await turn();
    const later = ['b', 'c', 'd'].map((item) => commit.add([item]));
    await turn();
    expect(groups).toEqual([['a']]);
    end();
    await first;
    await expect.poll(() => groups).toEqual([['a'], ['b', 'c', 'd']]);
    end();
    expect(await Promise.all(later)).toEqual([['b!'], ['c!'], ['d!']]);
  });

  it('keeps within its bounds, and equal keys apart, for any calls', async () => {
    const call = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        async (calls, maxInFlight) => {
          let inFlight = 0;
          let most = 0;
          const groups: string[][] = [];
          const commit = createGroupCommit<string, string>({
            async write(items) {
              most = Math.max(most, ++inFlight);
              groups.push([...items]);
              await turn();
              inFlight -= 1;
              return items.map((item) => `${item}!`);
            },
            keyOf: (item) => item,
            maxItems: 5,
            maxInFlight,
          });
          const answers = await Promise.all(calls.map((items) => commit.add(items)));
          expect(answers).toEqual(calls.map((items) => items.map((item) => `${item}!`)));
          expect(most).toBeLessThanOrEqual(maxInFlight);
          for (const group of groups) {
            expect(group.length).toBeLessThanOrEqual(5);
            expect(new Set(group).size).toBe(group.length);
          }
          expect(groups.flat()).toEqual(calls.flat());
        },
      ),
    );
  });

  it('fails only the caller whose values cannot be stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (good) => {
        const written: string[] = [];
        const commit = createGroupCommit<string, null>({
          async write(items) {
            if (items.some((item) => item.startsWith('bad'))) throw dataError();
            written.push(...items);
            return items.map(() => null);
          },
          keyOf: (item) => item,
          maxItems: 100,
          maxInFlight: 1,
        });
        const items = good.map((ok, n) => `${ok ? 'good' : 'bad'} ${n}`);
        const settled = await Promise.allSettled(items.map((item) => commit.add([item])));
        expect(settled.map((call) => call.status === 'fulfilled')).toEqual(good);
        expect(written).toEqual(items.filter((item) => item.startsWith('good')));
      }),
    );
  });

  it('fails the whole group for anything else, and goes on', async () => {
    let broken = true;
    const commit = createGroupCommit<string, null>({
      async write(items) {
        if (broken) throw new Error('the connection is lost');
        return items.map(() => null);
      },
      keyOf: (item) => item,
      maxItems: 10,
      maxInFlight: 1,
    });
    const settled = await Promise.allSettled([commit.add(['a']), commit.add(['b'])]);
    expect(settled.map((call) => call.status)).toEqual(['rejected', 'rejected']);
    broken = false;
    expect(await commit.add(['a'])).toEqual([null]);
  });

  it('drains what was added, also what failed', async () => {
    const { groups, write, end } = controlledWrite();
    const commit = createGroupCommit({ write, keyOf: (item) => item, maxItems: 1, maxInFlight: 1 });
    const calls = [commit.add(['a']), commit.add(['b'])];
    let drained = false;
    const draining = commit.drain().then(() => {
      drained = true;
    });
    await turn();
    end();
    await expect.poll(() => groups).toEqual([['a'], ['b']]);
    expect(drained).toBe(false);
    end();
    await draining;
    await Promise.all(calls);
  });
});
