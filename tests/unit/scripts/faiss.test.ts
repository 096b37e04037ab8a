import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const project = path.resolve(import.meta.dirname, '../../..');
const script = path.join(project, 'scripts/faiss.mjs');
const FALLBACK = 'the built-in exact kernel serves';

/** Runs it as set-up does, on `root`, with nothing but `env`. */
function build(root: string, env: Record<string, string>): { status: number | null; line: string } {
  const code = `import(${JSON.stringify(pathToFileURL(script).href)}).then(async (m) => console.log(await m.buildFaiss(${JSON.stringify(root)})))`;
  const { status, stdout } = spawnSync(process.execPath, ['-e', code], { env, encoding: 'utf8' });
  return { status, line: stdout.trim() };
}

describe('scripts/faiss.mjs', () => {
  let root: string;
  const modules = () => path.join(root, 'node_modules');
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'curio-faiss-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** faiss-node without its binary, beside what it needs. */
  const installSource = async () => {
    const from = path.join(project, 'node_modules');
    await mkdir(modules());
    await cp(path.join(from, 'faiss-node'), path.join(modules(), 'faiss-node'), {
      recursive: true,
      filter: (file) => !file.startsWith(path.join(from, 'faiss-node', 'build')),
    });
    for (const name of ['node-addon-api', 'bindings', 'file-uri-to-path']) {
      await symlink(path.join(from, name), path.join(modules(), name));
    }
  };

  it('does without the package', () => {
    expect(build(root, {})).toEqual({ status: 0, line: `faiss-node is not installed; ${FALLBACK}` });
  });

  it('does without a compiler, and says what to install', async () => {
    await installSource();
    const { status, line } = build(root, { PATH: '/nonexistent' });
    expect(status).toBe(0);
    expect(line).toMatch(process.platform === 'linux' ? /no C\+\+ compiler found .*libfaiss-dev/ : /no recipe/);
    expect(line).toContain(FALLBACK);
  });

  it('does with a compiler that fails', async ({ skip }) => {
    skip(process.platform !== 'linux', 'there is a recipe for Linux only');
    await installSource();
    const compiler = path.join(root, 'compiler');
    await writeFile(
      compiler,
      '#!/bin/sh\n[ "$1" = --version ] || [ "$1" = -x ] || { echo "error: out of luck"; exit 1; }\n',
      {
        mode: 0o755,
      },
    );
    expect(build(root, { PATH: '/usr/bin:/bin', CXX: compiler })).toEqual({
      status: 0,
      line: `FAISS did not compile (error: out of luck); ${FALLBACK}`,
    });
  });

  it('builds where the system has FAISS, and finds it built the second time', async ({ skip }) => {
    const has = spawnSync('g++', ['-x', 'c++', '-E', '-'], { input: '#include <faiss/IndexFlat.h>' }).status === 0;
    skip(!has, 'g++ and libfaiss-dev are not installed');
    await installSource();
    const env = { PATH: process.env.PATH ?? '' };
    expect(build(root, env)).toEqual({ status: 0, line: 'native FAISS built against the system library' });
    expect(build(root, env)).toEqual({ status: 0, line: 'native FAISS is there' });
  });
});
