import { createLogger } from '@rekey/observability';
import { readOptions, runProgram } from '@rekey/lifecycle';
import { welcome } from '@rekey/local-stack';
import { isStray } from '@rekey/recovery-service';
import { startStandalone } from './standalone.ts';

const usage = `
npm start

Everything in one process, for trying Rekey out: both services, a mail inbox, and a real PostgreSQL beside it. Prints where it is and what to
try first. Ctrl-C ends it; the data stays.

  REKEY_CONFIG     the deployment.toml; [server] offset in it shifts every port, and [database.…] or [output_adapter.email] are used
                   instead of local ones
  REKEY_HOME       the data folder (default .rekey)
  REKEY_LOG_LEVEL  trace, debug, info (the default), warn, error or fatal
`;

const log = createLogger('rekey', { format: 'pretty' });

/** `npm start`: everything in one process, with a real PostgreSQL and a mail catcher. */
await runProgram(log, async ({ fail }) => {
  readOptions(usage, {});
  const standalone = await startStandalone(log, fail);
  process.stdout.write(welcome(standalone));
  return standalone;
}, { survives: (thrown) => isStray(thrown, log) });
