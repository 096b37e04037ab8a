import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/domain/clock.js';
import { tenantFolder } from '../../src/registry/folderNames.js';
import { loadVersion } from '../../src/registry/versionFolder.js';
import { type Curio, openCurio, type RunningServer } from '../helpers/curio.js';
import { environments } from '../helpers/environments.js';

const LIST = 'query { recommendations(userId: "user-1", first: 5) { algorithmVersion degraded } }';

/** What a stage of training says when it ends. */
const endOf = (stage: string | undefined) => new RegExp(`"stage":"${stage}".*"stage ended"`);

/** Runs a command and answers what it printed without the lines of the log; those are JSON. */
async function linesOf(curio: Curio, ...words: readonly string[]): Promise<string[]> {
  const lines = (await curio.run(...words)).trim().split('\n');
  return lines.filter((line) => !line.startsWith('{'));
}

/** The versions that are listed, newest first, each of which must load, and the one that is deployed. */
async function listed(curio: Curio): Promise<{ readonly ids: readonly string[]; readonly deployed: string }> {
  const rows = (await linesOf(curio, 'models')).map((row) => row.split('  '));
  for (const [id = ''] of rows) await (await loadVersion(path.join(folderOf(curio), id))).dispose();
  const deployed = rows.filter(([, status]) => status === 'deployed').map(([id = '']) => id);
  expect(deployed).toHaveLength(1);
  return { ids: rows.map(([id = '']) => id), deployed: deployed[0] ?? '' };
}

const folderOf = ({ dataDir }: Curio) => path.join(dataDir, 'models', tenantFolder('default'));

async function halfWritten(curio: Curio): Promise<string[]> {
  const names = await readdir(folderOf(curio));
  return names.filter((name) => name.startsWith('.')).map((name) => path.join(folderOf(curio), name));
}

async function serving(server: RunningServer): Promise<string> {
  const { data } = await server.graphql<{ recommendations: { algorithmVersion: string; degraded: string } }>(LIST);
  expect(['NONE', 'HEURISTIC_RANKER']).toContain(data.recommendations.degraded);
  return data.recommendations.algorithmVersion;
}

describe.each(environments())('curio train killed with kill -9 on $name', ({ name, open }) => {
  it('leaves the old version at work wherever it died, and nothing half that is listed', async () => {
    const environment = await open();
    const curio = await openCurio({ ...environment.env, CURIO_LOG_LEVEL: 'debug' });
    try {
      await curio.run('sample', '--users', '40', '--items', '60');
      const stages = Array.from((await curio.run('train')).matchAll(/"stage":"([^"]+)"/g), ([, stage]) => stage);
      const { deployed: old } = await listed(curio);
      const last = stages.indexOf('write the version') - 1;
      expect(last).toBeGreaterThan(2);
      const moments: [stage: string | undefined, afterMs: number][] = [
        [stages[0], 0],
        [stages[Math.floor(last / 2)], 0],
        // From here on it writes.
        ...[0, 40].map((afterMs): [string | undefined, number] => [stages[last], afterMs]),
        [stages[last + 1], 0],
      ];
      // Each process opens the embedded database anew, which takes long: there, only where files are at stake.
      if (name === 'embedded') moments.splice(0, 3);
      // The embedded database lets in one process; elsewhere a server goes on meanwhile.
      const server = name === 'embedded' ? null : await curio.serve();
      let killed = 0;
      for (const [stage, afterMs] of moments) {
        if (await curio.kill(['train', '--no-deploy'], endOf(stage), afterMs)) killed++;
        if (server !== null) expect(await serving(server)).toBe(old);
      }
      expect(killed).toBeGreaterThan(0);
      await server?.end('SIGTERM');
      expect((await listed(curio)).deployed).toBe(old);

      // Killed while it deploys; what was left half written is cleared away by the first training after a while.
      await curio.kill(['train'], endOf('write the version'), 5);
      const before = new Date(Date.now() - HOUR_MS);
      for (const place of await halfWritten(curio)) await utimes(place, before, before);
      await curio.run('train');
      const { ids, deployed } = await listed(curio);
      expect(deployed).toBe(ids[0]);
      expect(await halfWritten(curio)).toEqual([]);
      const again = await curio.serve();
      expect(await serving(again)).toBe(deployed);
      await again.end('SIGTERM');
    } finally {
      await curio.dispose();
      await environment.dispose();
    }
  }, 1_800_000);
});
