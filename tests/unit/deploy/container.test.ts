import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT, read } from '../../helpers/manifests.js';

const text = read('deploy/container/Containerfile');
const allowed = read('.dockerignore')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1));

describe('the container file', () => {
  it('runs as somebody who is not root, says how it is, and calls nothing by a host', () => {
    const last = text.slice(text.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER 1000:1000$/m);
    expect(last).toMatch(/^HEALTHCHECK [\s\S]*\/v1\/health\/live/m);
    expect(last).toMatch(/^ENTRYPOINT \["curio"\]$/m);
    expect([...text.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual(
      Array(2).fill('node:20-bookworm-slim'),
    );
  });

  it('sets only what the configuration knows', () => {
    const [, pairs = ''] = /^ENV (.*)$/m.exec(text) ?? [];
    const names = pairs.split(' ').map((pair) => pair.split('=')[0]);
    expect(names).toContain('CURIO_DATA_DIR');
    for (const name of names) expect(read('src/config/config.ts')).toContain(`\n  ${name}: `);
  });

  it('is given all that setup reads, and what it copies', () => {
    const reads = [...read('scripts/setup.mjs').matchAll(/reads: \[([^\]]*)\]/g)]
      .flatMap(([, list = '']) => list.split(','))
      .map((name) => name.trim().replaceAll("'", ''));
    expect(reads.length).toBeGreaterThan(8);
    const copied = [...text.matchAll(/^COPY --from=build --chown=root:root \/app\/(\S+)/gm)].map(
      ([, file = '']) => file,
    );
    const made = ['node_modules', 'dist'];
    for (const file of [...reads, ...copied.filter((name) => !made.includes(name))]) {
      expect(
        allowed.some((name) => file === name || file.startsWith(`${name}/`)),
        file,
      ).toBe(true);
      expect(existsSync(path.join(PROJECT, file)), file).toBe(true);
    }
  });

  it('is given nothing that may hold a secret', () => {
    expect(read('.dockerignore').split('\n')).toContain('*');
    expect(allowed.filter((name) => name.startsWith('.'))).toEqual(['.npmrc']);
    expect(read('.npmrc')).not.toMatch(/_auth|password/i);
  });
});
