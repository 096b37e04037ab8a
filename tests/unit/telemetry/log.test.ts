import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/telemetry/log.js';

function collect(level: string) {
  const lines: unknown[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  return { log: createLog({ level, pretty: true, stream }), lines };
}

describe('the log', () => {
  it('writes JSON lines with an ISO time and the level by name', () => {
    const { log, lines } = collect('info');
    log.info({ rows: 3 }, 'done');
    log.debug('not this');
    expect(lines).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), rows: 3, msg: 'done' },
    ]);
  });

  it('never writes credentials', () => {
    const { log, lines } = collect('info');
    const headers = { authorization: 'Bearer secret', 'x-api-key': 'secret', cookie: 'secret', accept: '*/*' };
    log.info({ ...headers, headers, req: { headers } }, 'asked');
    expect(JSON.stringify(lines)).not.toContain('secret');
    expect(lines[0]).toMatchObject({ accept: '*/*', headers: { accept: '*/*' }, req: { headers: { accept: '*/*' } } });
  });

  it('writes errors with their stack', () => {
    const { log, lines } = collect('error');
    log.error({ err: new Error('broken') }, 'failed');
    expect(lines[0]).toMatchObject({ err: { message: 'broken', stack: expect.stringContaining('log.test.ts') } });
  });
});
