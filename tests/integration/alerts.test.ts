import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startServer } from '../helpers/server.js';

const deploy = path.resolve(import.meta.dirname, '../../deploy');
const prometheus = path.join(deploy, 'prometheus');
const promtool = (...words: readonly string[]) =>
  spawnSync('promtool', [...words], { cwd: prometheus, encoding: 'utf8', timeout: 60_000 });
const lack =
  promtool('--version').status === 0 ? null : 'promtool is not installed (Debian: apt-get install prometheus)';

describe.skipIf(lack !== null)(`alerts ${lack ?? ''}`, () => {
  it.each([
    ['can be read', 'check', ['rules', 'alerts.yml']],
    ['fire on what they are for, and not before', 'test', ['rules', 'alerts.test.yml']],
    ['are scraped for', 'check', ['config', '--syntax-only', 'prometheus.yml']],
  ])('%s', (_what, command, words) => {
    const { status, stdout, stderr } = promtool(command, ...words);
    expect(status, stdout + stderr).toBe(0);
  });
});

describe('alerts and dashboard', () => {
  const dashboard = z.object({
    panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) })),
  });
  const read = (file: string) => readFileSync(path.join(deploy, file), 'utf8');

  it('ask for metrics there are, and name runbooks there are', async () => {
    const alerts = read('prometheus/alerts.yml');
    const asked = dashboard
      .parse(JSON.parse(read('grafana/curio.json')))
      .panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
      .concat(alerts);
    const names = new Set(asked.join('\n').match(/\b(curio|nodejs|process)_\w+/g));
    // Its own and those that only a whole app has: what is measured stands in one table.
    const table = readFileSync(path.join(deploy, '../docs/operations.md'), 'utf8');
    const server = await startServer();
    const text = await (
      await fetch(`${server.url}/v1/metrics`, {
        headers: { authorization: `Bearer ${await server.token(null, 'admin')}` },
      })
    ).text();
    await server.close();
    const unknown = [...names].filter((name) => {
      const metric = name.replace(/_(bucket|count|sum)$/, '');
      return !table.includes(`\`${metric}\``) && !text.includes(`# TYPE ${metric} `);
    });
    expect(names.size).toBeGreaterThan(20);
    expect(unknown).toEqual([]);

    const runbooks = readFileSync(path.join(deploy, '../docs/runbooks.md'), 'utf8');
    const headings = [...runbooks.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    const anchors = [...alerts.matchAll(/runbooks\.md#([\w-]+)/g)].map(([, anchor]) => anchor);
    expect(anchors.filter((anchor) => !headings.includes(anchor ?? ''))).toEqual([]);
  });
});
