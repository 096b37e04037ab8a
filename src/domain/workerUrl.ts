const SOURCES = '/src/';

/**
 * Where the compiled file of a worker thread is. `metaUrl` is the caller's `import.meta.url`, `file` the worker's
 * compiled name beside it (`./embeddedWorker.js`). Threads cannot load TypeScript, so a caller that runs from its
 * source (as tests do) gets the file at the same place under `dist`.
 */
export function workerUrl(metaUrl: string, file: string): URL {
  const beside = new URL(file, metaUrl);
  if (!metaUrl.endsWith('.ts')) return beside;
  const at = beside.pathname.lastIndexOf(SOURCES);
  if (at === -1) throw new Error(`${metaUrl} is not under ${SOURCES}`);
  beside.pathname = `${beside.pathname.slice(0, at)}/dist/${beside.pathname.slice(at + SOURCES.length)}`;
  return beside;
}
