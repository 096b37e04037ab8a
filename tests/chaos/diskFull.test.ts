import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ChaosNode, expectNothingBroken, lostOf, openChaosNode, report, startTraffic } from '../helpers/chaos.js';
import { lackOfPostgresServer, type PostgresServer, startPostgresServer } from '../helpers/postgresServer.js';

const SIZE_MB = 320;
const redisUrl = inject('redisUrl');
const lack = lackOfPostgresServer() ?? (redisUrl === null ? 'no Redis was found' : null) ?? lackOfDisk();

/** Mounts a small disk of its own at `place`: only root may. Answers why there is none; null where there is. */
function mount(place: string): string | null {
  const words = ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=1777`, 'tmpfs', place];
  const { status, stderr, error } = spawnSync('mount', words, { encoding: 'utf8' });
  return status === 0 ? null : `a small disk cannot be mounted here (${error?.message ?? stderr.trim()})`;
}

function remove(place: string): void {
  spawnSync('umount', ['-l', place]);
  rmSync(place, { recursive: true, force: true });
}

function lackOfDisk(): string | null {
  const place = mkdtempSync(path.join(os.tmpdir(), 'curio-disk-'));
  try {
    return mount(place);
  } finally {
    remove(place);
  }
}

describe.skipIf(lack !== null)(`the disk of the log is full ${lack ?? ''}`, () => {
  let disk: string;
  let server: PostgresServer;
  let node: ChaosNode;
  beforeAll(async () => {
    disk = mkdtempSync(path.join(os.tmpdir(), 'curio-disk-'));
    mount(disk);
    server = await startPostgresServer(disk);
    node = await openChaosNode({ DATABASE_URL: server.url, REDIS_URL: redisUrl ?? '' });
  });
  afterAll(async () => {
    await node?.dispose();
    await server?.stop();
    if (disk !== undefined) remove(disk);
  });

  it('feedback is refused by name, lists go on, and it heals once there is room', async () => {
    const traffic = startTraffic(node);
    await traffic.well();
    const filler = path.join(disk, 'filler');
    await fill(filler);
    const refused = () => traffic.seen.filter(({ operation, code }) => operation === 'feedback' && code !== null);
    await expect.poll(() => refused().length).toBeGreaterThan(5);
    const lists = traffic.seen.length;
    await expect.poll(() => traffic.seen.length).toBeGreaterThan(lists + 40);
    rmSync(filler);
    // A server that could not write its log ends, and whoever keeps it starts it again.
    await server.kill();
    await server.restart();
    const recovery = await traffic.well();
    await traffic.stop();

    expectNothingBroken(traffic.seen);
    expect(await lostOf(server.url, traffic.acknowledged)).toEqual([]);
    report('The disk of the log full', traffic, recovery);
  });
});

/** Writes until nothing more fits. */
async function fill(file: string): Promise<void> {
  for (let size = 1 << 20; size >= 4_096; size >>= 1) {
    try {
      for (;;) await writeFile(file, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Smaller pieces may still fit.
    }
  }
}
