import type { Config } from '../config/config.js';
import { signToken } from '../server/auth/token.js';

const QUERY = `{ recommendations(userId: "user-1", first: 5) { degraded recommendations { item { title category } score reason } } }`;

/** The ready line: where to look, and in development a token and a query to paste. `url` is where the server listens. */
export async function announce(url: string, config: Config): Promise<void> {
  if (config.role === 'worker') {
    console.log(`\nCurio's worker is ready at ${url}/\n\n  Health      ${url}/v1/health\n`);
    return;
  }
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
