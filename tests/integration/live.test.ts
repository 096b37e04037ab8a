import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildApp } from '../../src/app.js';
import { readConfig } from '../../src/config/config.js';
import { systemClock } from '../../src/domain/clock.js';
import { type PlayReport, playPeople } from '../../src/sample/live.js';
import { loadSample } from '../../src/sample/load.js';
import { generateWorld, type World } from '../../src/sample/world.js';
import { signToken } from '../../src/server/auth/token.js';
import { openStores } from '../../src/stores.js';
import { createLog } from '../../src/telemetry/log.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { createDataDir } from '../helpers/embedded.js';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';
const SIZE = { users: 40, items: 60, seed: 11 };

describe('people played against a running server', () => {
  let app: App;
  let url: string;
  let world: World;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const folder = await createDataDir();
    remove = folder.remove;
    const config = readConfig({ NODE_ENV: 'test', CURIO_DATA_DIR: folder.dataDir, CURIO_JWT_SECRET: SECRET });
    const deps = {
      config,
      clock: systemClock,
      log: createLog({ level: 'silent', pretty: false }),
      metrics: createMetrics(),
    };
    const stores = await openStores(deps);
    const progress = { update() {}, done() {}, failed() {} };
    await loadSample({ stores: stores.postgres, tenant: 'default', ...SIZE, clock: systemClock, progress });
    app = await buildApp(deps, stores);
    await app.server.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.server.address();
    if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
    const { port }: AddressInfo = address;
    url = `http://127.0.0.1:${port}`;
    world = generateWorld({ ...SIZE, now: Date.now() });
  });

  afterAll(async () => {
    await app.close();
    await remove();
  });

  const token = (role: 'service' | 'user') =>
    signToken({ secret: SECRET, userId: role === 'user' ? 'user-1' : null, role, tenant: 'default', expiresIn: '1h' });

  /** Plays until `enough` events were accepted. */
  async function play(enough: number, options: { readonly token: string; readonly url?: string }) {
    const reports: PlayReport[] = [];
    const controller = new AbortController();
    await playPeople({
      url,
      rate: 100_000,
      seed: 1,
      world,
      clock: systemClock,
      signal: controller.signal,
      reportEveryMs: 50,
      onReport(report) {
        reports.push(report);
        if (reports.reduce((sum, { events }) => sum + events, 0) >= enough) controller.abort();
      },
      ...options,
    });
    return reports;
  }

  it('act on what they are shown, and the log holds what was accepted', async () => {
    const { eventLog } = app.stores.postgres;
    const before = await eventLog.count('default', Date.now());
    const reports = await play(500, { token: await token('service') });
    const events = reports.reduce((sum, report) => sum + report.events, 0);
    expect(events).toBeGreaterThanOrEqual(500);
    expect(reports.every(({ rejected, failures }) => rejected === 0 && failures === 0)).toBe(true);
    expect(reports.some(({ lists, clickThrough }) => lists > 0 && clickThrough > 0)).toBe(true);
    expect(await eventLog.count('default', Date.now() + 1000)).toBe(before + events);
  });

  it('give up at once where they may not act for others, or where no server answers', async () => {
    await expect(play(1, { token: await token('user') })).rejects.toMatchObject({
      name: 'LiveError',
      code: 'FORBIDDEN',
    });
    await expect(play(1, { token: 'none', url: 'http://127.0.0.1:1' })).rejects.toThrow(
      'No server answers at http://127.0.0.1:1',
    );
  });
});
