#!/usr/bin/env node
import { setup } from '../scripts/setup.mjs';

try {
  await setup();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const { main } = await import('../dist/cli/index.js');
await main(process.argv);
