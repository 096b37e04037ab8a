import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { z } from 'zod';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser that is installed; null for none. */
export function findBrowser(): string | null {
  return NAMES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) ?? null;
}

/** A headless browser with one page, driven by its debugging protocol. */
export interface Browser {
  /** The value of an expression, awaited. @throws with what the page said when it fails. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

const targets = z.array(z.object({ type: z.string(), webSocketDebuggerUrl: z.string() }));
const reply = z.object({
  id: z.number().optional(),
  result: z
    .object({ result: z.object({ value: z.unknown().optional() }).optional(), exceptionDetails: z.unknown() })
    .partial()
    .optional(),
});

export async function openBrowser(command: string, url: string): Promise<Browser> {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'curio-browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const child = spawn(command, [...flags, '--remote-debugging-port=0', `--user-data-dir=${profile}`, url], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const port = await debuggingPort(child);
  const socket = new WebSocket(await pageAddress(port));
  await once(socket, 'open');
  let ids = 0;
  return {
    async evaluate(expression) {
      const id = ++ids;
      const params = { expression, awaitPromise: true, returnByValue: true };
      const answer = new Promise<z.infer<typeof reply>>((resolve) => {
        const hear = (data: unknown) => {
          const message = reply.parse(JSON.parse(String(data)));
          if (message.id !== id) return;
          socket.off('message', hear);
          resolve(message);
        };
        socket.on('message', hear);
      });
      socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
      const { result } = await answer;
      if (result?.exceptionDetails !== undefined) throw new Error(JSON.stringify(result.exceptionDetails));
      return result?.result?.value;
    },
    async close() {
      socket.terminate();
      child.kill('SIGKILL');
      if (child.exitCode === null) await once(child, 'exit');
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function debuggingPort(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the browser ended with code ${code}:\n${said}`)));
  });
}

async function pageAddress(port: string): Promise<string> {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/json`);
    const page = targets.parse(await response.json()).find(({ type }) => type === 'page');
    if (page !== undefined) return page.webSocketDebuggerUrl;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
