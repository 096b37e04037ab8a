// Brings a checkout to a state that runs: dependencies, generated code, compiled code. Each step is skipped when
// what it reads has not changed since it last succeeded. Uses nothing but Node, because it runs before anything is there.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = path.join(root, 'node_modules', '.curio-setup.json');
const MINIMUM = [20, 19];

const steps = [
  {
    name: 'Install packages',
    reads: ['package-lock.json', '.npmrc'],
    makes: ['node_modules/fastify'],
    run: () => npm(['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']),
  },
  {
    name: 'Generate the Prisma client',
    reads: ['prisma/schema.prisma', 'prisma.config.ts'],
    makes: ['src/generated/prisma/client.ts'],
    // Prisma looks for an engine to download that generating does not need; any existing file satisfies it.
    run: () => node('prisma/build/index.js', ['generate'], { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }),
  },
  {
    name: 'Generate the GraphQL types',
    reads: ['schema', 'codegen.ts'],
    makes: ['src/generated/graphql.ts'],
    run: () => node('@graphql-codegen/cli/esm/bin.js', ['--config', 'codegen.ts']),
  },
  {
    name: 'Compile the kernels',
    reads: ['src/kernels/assembly', 'asconfig.json'],
    makes: ['src/generated/kernels.wasm'],
    run: () => node('assemblyscript/bin/asc.js', ['--config', 'asconfig.json', '--target', 'release']),
  },
  {
    name: 'Compile',
    reads: ['src', 'web', 'tsconfig.json'],
    makes: ['dist/cli/index.js', 'dist/generated/kernels.wasm', 'dist/web/console.js'],
    run: compile,
  },
  {
    name: 'Look for a system FAISS',
    reads: ['scripts/faiss.mjs', 'package-lock.json', '.npmrc'],
    makes: [],
    run: async () => {
      const { buildFaiss } = await import('./faiss.mjs');
      return buildFaiss(root);
    },
  },
];

/** Runs every step that is due. Throws an Error whose message holds the failed step's output. */
export async function setup() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
    throw new Error(`Curio needs Node ${MINIMUM.join('.')} or newer; this is ${process.versions.node}.`);
  }
  const stamps = readStamps();
  for (const [index, step] of steps.entries()) {
    const digest = fingerprint(step.reads);
    if (stamps[step.name] === digest && step.makes.every((file) => existsSync(path.join(root, file)))) continue;
    const label = `[${index + 1}/${steps.length}] ${step.name}`;
    const started = Date.now();
    const ticking = tick(label, started);
    try {
      const outcome = await step.run();
      ticking.stop(`${label}: ${typeof outcome === 'string' ? outcome : 'done'} (${seconds(started)})`);
    } catch (error) {
      ticking.stop(`${label}: failed (${seconds(started)})`);
      throw error;
    }
    stamps[step.name] = digest;
    mkdirSync(path.dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, JSON.stringify(stamps));
  }
}

/** Compiles beside what is there and puts it in place at the end, so that a server started meanwhile finds all or nothing new. */
async function compile() {
  const fresh = path.join(root, `dist.${process.pid}`);
  const old = path.join(root, `dist.${process.pid}.old`);
  try {
    await node('typescript/bin/tsc', ['--project', 'tsconfig.json', '--outDir', fresh]);
    await node('typescript/bin/tsc', ['--project', 'web/tsconfig.json', '--outDir', path.join(fresh, 'web')]);
    mkdirSync(path.join(fresh, 'generated'), { recursive: true });
    copyFileSync(path.join(root, 'src/generated/kernels.wasm'), path.join(fresh, 'generated/kernels.wasm'));
    for (const file of ['index.html', 'console.css']) {
      copyFileSync(path.join(root, 'web', file), path.join(fresh, 'web', file));
    }
    if (existsSync(path.join(root, 'dist'))) renameSync(path.join(root, 'dist'), old);
    renameSync(fresh, path.join(root, 'dist'));
  } finally {
    rmSync(old, { recursive: true, force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

function fingerprint(places) {
  const hash = createHash('sha256');
  for (const file of places.flatMap((place) => filesUnder(path.join(root, place)))) {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(place) {
  if (!existsSync(place)) return [];
  const entries = tryReadDir(place);
  if (entries === null) return [place];
  return entries
    .filter((entry) => entry.name !== 'kernels.wasm')
    .map((entry) => path.join(place, entry.name))
    .sort()
    .flatMap(filesUnder);
}

function tryReadDir(place) {
  try {
    return readdirSync(place, { withFileTypes: true });
  } catch {
    return null;
  }
}

function node(script, args, env = {}) {
  return run(process.execPath, [path.join(root, 'node_modules', script), ...args], env);
}

function npm(args) {
  rmSync(stampFile, { force: true });
  // npm's own variables of an outer `npm start` would be read as settings of the inner one.
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...args]);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {}, process.platform === 'win32');
}

function run(command, args, env = {}, shell = false) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NO_UPDATE_NOTIFIER: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell,
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(args[0] ?? command)} ended with code ${code}:\n${output.trim()}`));
    });
  });
}

function tick(label, started) {
  const live = process.stderr.isTTY;
  const show = () => process.stderr.write(`\r${label} … ${seconds(started)} `);
  if (!live) process.stderr.write(`${label} …\n`);
  const timer = live ? setInterval(show, 200) : undefined;
  return {
    stop(line) {
      clearInterval(timer);
      process.stderr.write(live ? `\r\x1b[K${line}\n` : `${line}\n`);
    },
  };
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
