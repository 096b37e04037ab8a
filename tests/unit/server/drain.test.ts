import { once } from 'node:events';
import net from 'node:net';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { drainOnClose } from '../../../src/server/drain.js';
import { portOf } from '../../helpers/server.js';

it('does not wait for connections that were opened in advance', async () => {
  const app = Fastify();
  drainOnClose(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const silent = net.connect(portOf(app), '127.0.0.1');
  await once(silent, 'connect');
  const ended = once(silent, 'close');
  await app.close();
  await ended;
  expect(silent.destroyed).toBe(true);
});
