#!/usr/bin/env node
// `npx rekey …` in a checkout: makes it ready first, as `npm run rekey` does.
process.argv.splice(2, 0, 'cli');
await import(new URL('../../run/start.mjs', import.meta.url).href);
