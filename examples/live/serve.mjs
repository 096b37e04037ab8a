// Serves this folder: `node examples/live/serve.mjs [port]`. A page may open WebSockets to any address, so the nodes can be others.
import { readFile } from 'node:fs/promises';
import http from 'node:http';

const FILES = {
  '/': ['index.html', 'text/html'],
  '/page.js': ['page.js', 'text/javascript'],
  '/connection.js': ['connection.js', 'text/javascript'],
};

const server = http.createServer(async (request, response) => {
  const [file, type] = FILES[new URL(request.url ?? '/', 'http://localhost').pathname] ?? [];
  if (file === undefined) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
  response.end(await readFile(new URL(file, import.meta.url)));
});
server.listen(Number(process.argv[2] ?? 4100), '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${server.address().port}/\n`),
);
