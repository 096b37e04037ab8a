import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The walls of the house. Rooms are folders of `src`; the first rule whose room is the start of a file's path holds.
 * A room may always import from itself. `main`, `app` and `cli` see everything; nobody imports them.
 */
const MAY_IMPORT: readonly (readonly [room: string, rooms: readonly string[]])[] = [
  ['domain', []],
  ['config', ['domain']],
  ['kernels', ['domain', 'generated']],
  ['telemetry', ['domain']],
  ['resilience', ['domain']],
  ['store/ports', ['domain']],
  ['store/vector', ['domain', 'store/ports', 'kernels']],
  ['store', ['domain', 'store/ports', 'generated']],
  ['registry/runtime', ['domain', 'registry', 'kernels']],
  ['registry', ['domain', 'store/ports', 'kernels', 'registry/runtime']],
  ['features', ['domain', 'registry', 'kernels']],
  ['retrieval', ['domain', 'features', 'registry', 'store/ports']],
  ['engine/pipeline', ['domain']],
  ['engine', ['domain', 'features', 'retrieval', 'store/ports', 'registry', 'kernels']],
  ['learning', ['domain', 'features', 'retrieval', 'registry', 'registry/runtime', 'kernels', 'store/ports']],
  ['services', ['domain', 'engine', 'features', 'retrieval', 'store/ports', 'registry']],
  ['limits', ['domain', 'store/ports']],
  ['graphql', ['domain', 'limits', 'services', 'store/ports', 'generated', 'config', 'telemetry']],
  ['server', ['domain', 'limits', 'graphql', 'services', 'store/ports', 'config', 'telemetry', 'sample', 'resilience']],
  ['sample', ['domain', 'store/ports', 'features']],
  ['importing', ['domain', 'store/ports']],
  ['cli', ['*']],
  ['app.ts', ['*']],
  ['backgroundWork.ts', ['*']],
  ['process.ts', ['*']],
  ['stores.ts', ['*']],
  ['health.ts', ['*']],
];

/** Packages that only one room may touch, so that the rest can live without them. */
const ONLY_IN: readonly (readonly [pattern: RegExp, room: string])[] = [
  [/^(pg|@prisma\/.*|@electric-sql\/.*)$/, 'store/postgres'],
  [/^faiss-node$/, 'store/vector'],
  [/^(prom-client|pino|@opentelemetry\/.*)$/, 'telemetry'],
  [/^cockatiel$/, 'resilience'],
  [/^onnxruntime-node$/, 'registry/runtime'],
  [/^(ioredis|@upstash\/.*)$/, 'store/redis'],
  [/^(fastify|@fastify\/.*)$/, 'server'],
];

/** Files that something other than an import starts: the process, a worker thread. */
const ENTRIES = /^(cli\/index|.*[wW]orker)\.ts$/;

/** A longer file is more than one idea. */
const MOST_LINES = 300;
/** Lists of words, not code. */
const DATA = ['sample/words'];

const src = path.resolve(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts') && !file.startsWith('generated/') && !file.startsWith('kernels/assembly/'))
  .sort();

interface Import {
  readonly file: string;
  /** Path from `src` for our own files, the package name for others. */
  readonly target: string;
  readonly own: boolean;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(src, file), 'utf8');
  const pattern = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\(\s*'([^']+)'\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const specifier = match[2] ?? match[3] ?? '';
    const own = specifier.startsWith('.');
    const target = own
      ? path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier)).replace(/\.js$/, '.ts')
      : specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
    return { file, target, own, typeOnly: match[1] !== undefined };
  });
}

const within = (file: string, room: string) => file === room || file.startsWith(`${room}/`);
const ruleOf = (file: string) => MAY_IMPORT.find(([room]) => within(file, room));
const imports = files.flatMap(importsOf);

describe('architecture', () => {
  it('every file lives in a room', () => {
    expect(files.filter((file) => ruleOf(file) === undefined)).toEqual([]);
  });

  it('no file is too long', () => {
    const long = files.flatMap((file) => {
      const lines = readFileSync(path.join(src, file), 'utf8').trimEnd().split('\n').length;
      return lines > MOST_LINES && !DATA.some((room) => within(file, room)) ? [`${file}: ${lines} lines`] : [];
    });
    expect(long).toEqual([]);
  });

  it('rooms import only what they may', () => {
    const forbidden = imports.filter(({ file, target, own }) => {
      const rule = ruleOf(file);
      if (!own || rule === undefined) return false;
      const [room, allowed] = rule;
      if (allowed.includes('*') || within(target, room)) return false;
      return (
        !allowed.some((other) => within(target, other) && ruleOf(target)?.[0] === ruleOf(`${other}/x.ts`)?.[0]) &&
        !(allowed.includes('generated') && within(target, 'generated'))
      );
    });
    expect(forbidden.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it('heavy packages stay in their room', () => {
    const strays = imports.filter(
      ({ file, target, own, typeOnly }) =>
        !own && !typeOnly && ONLY_IN.some(([pattern, room]) => pattern.test(target) && !within(file, room)),
    );
    expect(strays.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it('has no circle', () => {
    const next = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((edge) => edge.own)
          .map((edge) => edge.target),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, trail: readonly string[]) => {
      if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
      else if (!done.has(file)) {
        for (const target of next.get(file) ?? []) walk(target, [...trail, file]);
        done.add(file);
      }
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  it('something reaches every file', () => {
    const reached = new Set(files.filter((file) => ENTRIES.test(file)));
    const queue = [...reached];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      for (const { target, own } of importsOf(file)) {
        if (own && !reached.has(target)) {
          reached.add(target);
          queue.push(target);
        }
      }
    }
    expect(files.filter((file) => !reached.has(file))).toEqual([]);
  });
});
