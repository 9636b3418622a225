import { runProgram } from '@rekey/lifecycle';
import { createLogger } from '@rekey/observability';
import { startDistributed } from './distributed.ts';

/** `npm run start:distributed [-- --workers N]`: broker, database, both services, inbox and gateway, each a process of its own. */
await runProgram(createLogger('distributed', { format: 'pretty' }), () => startDistributed(process.argv.slice(2)));
