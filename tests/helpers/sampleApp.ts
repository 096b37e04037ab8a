import { type App, buildApp } from '../../src/app.js';
import { type Config, readConfig } from '../../src/config/config.js';
import { systemClock } from '../../src/domain/clock.js';
import type { Role } from '../../src/domain/identity.js';
import { createLoad } from '../../src/resilience/load.js';
import { loadSample } from '../../src/sample/load.js';
import { signToken } from '../../src/server/auth/token.js';
import { openStores } from '../../src/stores.js';
import { createLog } from '../../src/telemetry/log.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { createDataDir } from './embedded.js';
import { portOf, SECRET } from './server.js';

export interface SampleApp {
  readonly app: App;
  readonly url: string;
  readonly config: Config;
  token(role: Role, userId?: string | null): Promise<string>;
  /** After the app was closed, by whoever is the first to do so. */
  remove(): Promise<void>;
}

/** The app as production builds it, over an embedded database with the sample world, on a free port. Its machine is never too busy. */
export async function openSampleApp(size: {
  readonly users: number;
  readonly items: number;
  readonly seed: number;
}): Promise<SampleApp> {
  const { dataDir, remove } = await createDataDir();
  const config = readConfig({
    NODE_ENV: 'test',
    CURIO_DATA_DIR: dataDir,
    CURIO_JWT_SECRET: SECRET,
    CURIO_RATE_RECOMMENDATIONS: '1000000',
    CURIO_DEADLINE_MS: '60000',
    CURIO_REQUEST_TIMEOUT_MS: '600000',
  });
  const log = createLog({ level: 'silent', pretty: false });
  const deps = { config, clock: systemClock, log, metrics: createMetrics() };
  const stores = await openStores(deps);
  const progress = { update() {}, done() {}, failed() {} };
  await loadSample({ stores: stores.postgres, tenant: 'default', ...size, clock: systemClock, progress });
  // Nobody watches the loop for this one: it is always calm.
  const app = await buildApp(deps, { ...stores, load: createLoad() });
  await app.server.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url: `http://127.0.0.1:${portOf(app.server)}`,
    config,
    token: (role, userId = null) => signToken({ secret: SECRET, userId, role, tenant: 'default', expiresIn: '1h' }),
    remove,
  };
}
