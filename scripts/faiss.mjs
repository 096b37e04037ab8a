// Builds faiss-node's binary against the FAISS that the system has. Optional: without it the built-in exact kernel
// searches. By hand, after installing FAISS: `node scripts/faiss.mjs`. With `--download` it may also fetch the prebuilt
// binary of the package's authors, which comes from outside the package registry and is therefore never done unasked.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const WITHOUT = 'the built-in exact kernel serves';
const DEBIAN = 'on Debian or Ubuntu: apt-get install g++ libfaiss-dev libopenblas-dev';

// FAISS before 1.7.4 calls `faiss::idx_t` `faiss::Index::idx_t`; saying the same alias twice is legal C++.
const SHIM = '#include <cstdint>\nnamespace faiss { using idx_t = int64_t; }\n';

// Includes what the binding and FAISS need, so that the compiler itself says which of them it cannot find.
const PROBE = `
#if !__has_include(<faiss/IndexFlat.h>)
#error no-faiss
#endif
#if !__has_include(<node_api.h>)
#error no-node-headers
#endif
`;

/**
 * @param {string} root folder of the project
 * @param {{ download?: boolean }} [options]
 * @returns {Promise<string>} one line that says what there is now. Never throws.
 */
export async function buildFaiss(root, options = {}) {
  try {
    return await attempt(path.join(root, 'node_modules', 'faiss-node'), options.download === true);
  } catch (error) {
    return `not built (${firstLine(error instanceof Error ? error.message : String(error))}); ${WITHOUT}`;
  }
}

async function attempt(folder, download) {
  if (!existsSync(path.join(folder, 'package.json'))) return `faiss-node is not installed; ${WITHOUT}`;
  const binary = path.join(folder, 'build', 'Release', 'faiss-node.node');
  if (existsSync(binary) && (await works(folder))) return 'native FAISS is there';
  const built = await compile(folder, binary);
  if (built === null) return 'native FAISS built against the system library';
  if (download && (await fetchPrebuilt(folder))) return 'native FAISS downloaded';
  return `${built}; ${WITHOUT}`;
}

/** Null when the binary was built and works, else why not. Puts it in place in one step, or not at all. */
async function compile(folder, binary) {
  if (process.platform !== 'linux') return `no recipe to build FAISS on ${process.platform}`;
  const compiler = await findCompiler();
  if (compiler === null) return `no C++ compiler found (${DEBIAN})`;
  const includes = [nodeHeaders(), path.join(folder, '..', 'node-addon-api')]
    .filter((place) => place !== null)
    .map((place) => `-I${place}`);
  const probe = await run(compiler, ['-x', 'c++', '-E', ...includes, '-'], { input: PROBE });
  if (probe.output.includes('no-faiss')) return `no system FAISS found (${DEBIAN})`;
  if (probe.output.includes('no-node-headers')) return "Node's headers not found (set npm_config_nodedir)";

  const work = path.join(folder, 'build', `work-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    const source = path.join(work, 'faiss.cc');
    const object = path.join(work, 'faiss-node.node');
    writeFileSync(path.join(work, 'shim.h'), SHIM);
    writeFileSync(source, withoutLeak(readFileSync(path.join(folder, 'src', 'faiss.cc'), 'utf8')));
    const flags = ['-std=c++17', '-O3', '-fPIC', '-shared', '-fexceptions', '-fopenmp', '-w'];
    const defines = ['-DNAPI_VERSION=6', '-DNODE_GYP_MODULE_NAME=faiss_node', '-include', path.join(work, 'shim.h')];
    const libraries = ['-lfaiss', '-lopenblas', '-lgomp'];
    const { code, output } = await run(
      compiler,
      [...flags, ...defines, ...includes, source, '-o', object, ...libraries],
      { timeoutMs: 180_000 },
    );
    if (code !== 0) return `FAISS did not compile (${firstError(output)})`;
    mkdirSync(path.dirname(binary), { recursive: true });
    renameSync(object, binary);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  if (await works(folder)) return null;
  rmSync(binary, { force: true });
  return 'FAISS was built but does not load';
}

/** faiss-node 0.5.1 forgets to free each query vector, 4 bytes a dimension and search. */
function withoutLeak(source) {
  return source.replace('delete[] I;\n    delete[] D;', 'delete[] I;\n    delete[] D;\n    delete[] xq;');
}

async function findCompiler() {
  for (const name of [process.env.CXX, 'g++', 'clang++', 'c++']) {
    if (name && (await run(name, ['--version'])).code === 0) return name;
  }
  return null;
}

function nodeHeaders() {
  const roots = [path.join(path.dirname(process.execPath), '..'), process.env.npm_config_nodedir];
  const folders = roots.filter(Boolean).map((place) => path.join(place, 'include', 'node'));
  return folders.find((folder) => existsSync(path.join(folder, 'node_api.h'))) ?? null;
}

async function fetchPrebuilt(folder) {
  const tool = path.join(folder, '..', 'prebuild-install', 'bin.js');
  if (!existsSync(tool)) return false;
  await run(process.execPath, [tool, '--runtime', 'napi'], { cwd: folder, timeoutMs: 60_000 });
  if (await works(folder)) return true;
  rmSync(path.join(folder, 'build'), { recursive: true, force: true });
  return false;
}

/** In a process of its own, because a binary built for another machine may take its process down. */
async function works(folder) {
  const script = `
    const { IndexFlatIP } = require(${JSON.stringify(folder)});
    const index = new IndexFlatIP(2);
    index.add([1, 0, 0, 2]);
    process.exitCode = index.search([1, 1], 1).labels[0] === 1 ? 0 : 1;`;
  return (await run(process.execPath, ['-e', script], { timeoutMs: 20_000 })).code === 0;
}

/** Never rejects: what cannot be started ends with code -1. */
function run(command, args, { cwd, input, timeoutMs = 10_000 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: 'pipe' });
    // Not spawn's own `timeout`, which goes on ticking for a command that could not be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const end = (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    };
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', () => end(-1));
    child.on('close', (code) => end(code ?? -1));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

function firstError(output) {
  return firstLine(output.split('\n').find((line) => /error|undefined reference|cannot find/.test(line)) ?? output);
}

function firstLine(text) {
  return text.trim().split('\n', 1)[0].slice(0, 160);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  console.log(await buildFaiss(root, { download: process.argv.includes('--download') }));
}
