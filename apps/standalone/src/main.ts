import { createLogger } from '@rekey/observability';
import { runProgram } from '@rekey/lifecycle';
import { welcome } from '@rekey/local-stack';
import { startStandalone } from './standalone.ts';

const log = createLogger('rekey', { format: 'pretty' });

/** `npm start`: everything in one process, with a real PostgreSQL and a mail catcher. */
await runProgram(log, async ({ fail }) => {
  const standalone = await startStandalone(log, fail);
  process.stdout.write(welcome(standalone));
  return standalone;
});
