import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Browser, findBrowser, openBrowser } from '../helpers/browser.js';
import { type Curio, openCurio, type RunningServer } from '../helpers/curio.js';
import { environments } from '../helpers/environments.js';

const shared = environments().find(({ name }) => name !== 'embedded');
const chromium = findBrowser();
const lack =
  chromium === null ? 'no Chromium found' : shared === undefined ? (inject('postgresLack') ?? 'no Redis found') : null;

describe.skipIf(lack !== null)(`the live example in two browsers ${lack ?? ''}`, () => {
  let curio: Curio;
  let nodes: [RunningServer, RunningServer];
  let dispose: () => Promise<void>;
  let pages: ChildProcess;
  let address: string;
  let token: string;
  const browsers: Browser[] = [];

  beforeAll(async () => {
    const { env, dispose: leave } = (await shared?.open()) ?? { env: {}, dispose: async () => {} };
    dispose = leave;
    curio = await openCurio(env);
    await curio.run('sample', '--users', '20', '--items', '30');
    nodes = [await curio.serve(), await curio.serve()];
    token = (await curio.run('token', '--user', 'user-1', '--role', 'admin')).trim();
    const script = path.resolve(import.meta.dirname, '../../examples/live/serve.mjs');
    pages = spawn(process.execPath, [script, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    address = await new Promise((resolve) =>
      pages.stdout?.once('data', (chunk: Buffer) => resolve(String(chunk).trim())),
    );
  });

  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    pages.kill();
    await curio.dispose();
    await dispose();
  });

  const open = async (...parts: readonly string[]) => {
    const browser = await openBrowser(chromium ?? '', `${address}?${parts.join('&')}`);
    browsers.push(browser);
    const status = () => browser.evaluate(`document.querySelector('#status')?.textContent`);
    await expect.poll(status).toContain('connected to');
    return {
      status,
      list: () => browser.evaluate(`[...document.querySelectorAll('#list li')].map((row) => row.dataset.id).join(' ')`),
      play: () => browser.evaluate(`document.querySelector('#play button').click()`),
      played: () => browser.evaluate(`document.querySelector('#play output').textContent`),
    };
  };

  it('moves in one while the other plays feedback, also after its node was killed', async () => {
    const [one, other] = nodes;
    const player = await open(`nodes=${other.url}`, `token=${token}`, 'play');
    const watcher = await open(`nodes=${one.url},${other.url}`, `token=${token}`);
    expect(await watcher.status()).toBe(`connected to ${one.url}`);
    const before = await watcher.list();

    await player.play();
    await expect.poll(player.played).toContain('Ten people like');
    await expect.poll(watcher.list).not.toBe(before);
    await expect.poll(async () => (await player.list()) === (await watcher.list())).toBe(true);

    await one.end('SIGKILL');
    await expect.poll(watcher.status).toBe(`connected to ${other.url}`);
    const then = await watcher.list();
    expect(then).not.toBe(before);
    // Until the list moves: one item may be chosen twice.
    await expect
      .poll(
        async () => {
          await player.play();
          return watcher.list();
        },
        { timeout: 40_000, interval: 1_500 },
      )
      .not.toBe(then);
  });
});
