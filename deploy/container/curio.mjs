#!/usr/bin/env node
// The command of the image, where everything is built: bin/curio.mjs without looking whether something is to be built.
const { main } = await import(new URL('dist/cli/index.js', import.meta.url));
await main(process.argv);
