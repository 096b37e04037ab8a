import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { MINUTE_MS } from '../../../domain/clock.js';
import type { Item } from '../../../domain/entities.js';
import { CurioError } from '../../../domain/errors.js';
import { eventTableBuilder } from '../eventTable.js';
import type { Split } from '../split.js';

/** Person → their items, each once. */
type Rows = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * A training file and a test file as LightGCN has them (He et al. 2020): a line per person, `user item item …`. All
 * items of both files are ranked; a test item that the person has in the training file does not count. Nothing is known
 * of the items. A line is read from left to right, what stands later happened later: all lines take the same time, and end
 * right before what is asked for. Where all lines rise somebody sorted them, and nothing is known of their order.
 * @throws CurioError `BAD_USER_INPUT` naming file and line of what cannot be read.
 */
export async function files(trainFile: string, testFile: string): Promise<Split> {
  const train = await readRows(trainFile);
  const test = await readRows(testFile);
  const ids = [...new Set([...train.values(), ...test.values()].flatMap((items) => [...items]))].sort();
  const index = new Map(ids.map((id, at) => [id, at]));
  const builder = eventTableBuilder(ids.map(bareItem));
  for (const { user, item, time } of inOrder(train)) builder.add(user, item, 'LIKE', Number.NaN, time);
  const table = builder.finish();
  const userIds = [...new Set([...table.userIds, ...test.keys()])];
  const people = userIds.flatMap((id, user) => {
    const known = train.get(id);
    const right = [...(test.get(id) ?? [])].filter((item) => known?.has(item) !== true);
    if (right.length === 0) return [];
    return [
      { user, now: SPAN_MS, right: Int32Array.from(right, (item) => index.get(item) ?? -1).sort(), promised: null },
    ];
  });
  return {
    protocol: 'files',
    train: { ...table, userIds, userCount: userIds.length },
    people,
    until: SPAN_MS,
  };
}

/** From the first item of a line to what comes after its last: too short for anything to fade, or for a second session. */
const SPAN_MS = 15 * MINUTE_MS;

function inOrder(rows: Rows): { user: string; item: string; time: number }[] {
  const span = Array.from(rows.values()).every(rises) ? 0 : SPAN_MS;
  return Array.from(rows)
    .flatMap(([user, items]) => Array.from(items, (item, at) => ({ user, item, time: (at / items.size) * span })))
    .sort((a, b) => a.time - b.time);
}

function rises(items: ReadonlySet<string>): boolean {
  const numbers = Array.from(items, Number);
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
}

async function readRows(file: string): Promise<Rows> {
  const rows = new Map<string, Set<string>>();
  const stream = createReadStream(file, 'utf8');
  let number = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const [user, ...items] = line.split(/\s+/).filter((word) => word !== '');
    if (user === undefined) continue;
    const refuse = (reason: string) => new CurioError('BAD_USER_INPUT', `${file}:${number}: ${reason}`);
    const strange = [user, ...items].find((word) => !/^\d+$/.test(word));
    if (strange !== undefined) throw refuse(`"${strange}" is no number; a line is: user item item …`);
    if (rows.has(user)) throw refuse(`user ${user} has a line already`);
    rows.set(user, new Set(items));
  }
  return rows;
}

function bareItem(id: string): Item {
  return {
    id,
    kind: 'item',
    title: id,
    description: null,
    category: null,
    tags: [],
    previewUrl: null,
    authorId: null,
    attributes: null,
    createdAt: new Date(0),
    hiddenAt: null,
  };
}
