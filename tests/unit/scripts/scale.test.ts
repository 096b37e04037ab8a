import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT, read } from '../../helpers/manifests.js';

it('docs/scale.md says what follows from its figures', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(PROJECT, 'scripts/scale.mjs')], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toContain('| events a second | 2,000 | 20,000 | 200,000 |');
  expect(read('docs/scale.md')).toContain(
    `<!-- worked out by scripts/scale.mjs -->\n${stdout.trimEnd()}\n<!-- until here -->`,
  );
});
