import type { App } from '../app.js';
import type { Config } from '../config/config.js';
import { signToken } from '../server/auth/token.js';

const QUERY = `{ recommendations(userId: "user-1", first: 5) { degraded recommendations { item { title category } score reason } } }`;

/** The ready line: where to look, and in development a token and a query to paste. */
export async function announce({ server }: App, config: Config): Promise<void> {
  const address = server.addresses()[0];
  const host = address === undefined || address.address === '::' ? config.host : address.address;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address?.port ?? config.port}`;
  const lines = ['', `Curio is ready at ${url}/`, '', `  Console     ${url}/`, `  Health      ${url}/v1/health`];
  if (config.playground) lines.push(`  Playground  ${url}/graphql`);
  if (!config.production && config.auth.secret !== null) {
    const token = await signToken({
      secret: config.auth.secret,
      userId: 'user-1',
      role: 'admin',
      tenant: config.defaultTenant,
      expiresIn: '24h',
    });
    lines.push('', `  Token (24 h, admin; the playground has it filled in):`, `  ${token}`);
    lines.push('', '  A query to paste into the playground:', '', `  ${QUERY}`);
    lines.push('', '  or from a shell:', '', `  ${curl(url, token)}`);
  }
  console.log(`${lines.join('\n')}\n`);
}

function curl(url: string, token: string): string {
  const body = JSON.stringify({ query: QUERY });
  return `curl -s ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${token}' -d '${body}'`;
}
