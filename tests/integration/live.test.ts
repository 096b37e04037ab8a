import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.js';
import { type PlayReport, playPeople } from '../../src/sample/live.js';
import { generateWorld, type World } from '../../src/sample/world.js';
import { openSampleApp, type SampleApp } from '../helpers/sampleApp.js';

const SIZE = { users: 40, items: 60, seed: 11 };

describe('people played against a running server', () => {
  let opened: SampleApp;
  let world: World;
  beforeAll(async () => {
    opened = await openSampleApp(SIZE);
    world = generateWorld({ ...SIZE, now: Date.now() });
  });
  afterAll(async () => {
    await opened.app.close();
    await opened.remove();
  });

  /** Plays until `enough` events were accepted. */
  async function play(enough: number, options: { readonly token: string; readonly url?: string }) {
    const reports: PlayReport[] = [];
    const controller = new AbortController();
    await playPeople({
      url: opened.url,
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
    const { eventLog } = opened.app.stores.postgres;
    const before = await eventLog.count('default', Date.now());
    const reports = await play(500, { token: await opened.token('service') });
    const events = reports.reduce((sum, report) => sum + report.events, 0);
    expect(events).toBeGreaterThanOrEqual(500);
    expect(reports.every(({ rejected, failures }) => rejected === 0 && failures === 0)).toBe(true);
    expect(reports.some(({ lists, clickThrough }) => lists > 0 && clickThrough > 0)).toBe(true);
    expect(await eventLog.count('default', Date.now() + 1000)).toBe(before + events);
  });

  it('give up at once where they may not act for others, or where no server answers', async () => {
    await expect(play(1, { token: await opened.token('user', 'user-1') })).rejects.toMatchObject({
      name: 'LiveError',
      code: 'FORBIDDEN',
    });
    await expect(play(1, { token: 'none', url: 'http://127.0.0.1:1' })).rejects.toThrow(
      'No server answers at http://127.0.0.1:1',
    );
  });
});
