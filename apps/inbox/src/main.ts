import { parseArgs } from 'node:util';
import { runProgram } from '@rekey/lifecycle';
import { createLogger } from '@rekey/observability';
import { startInbox } from './start-inbox.ts';

const log = createLogger('inbox');

/**
 * The inbox by itself.
 *
 * - `--smtp-port N` (9587), `--web-port N` (9025)
 * - `--folder path`: keeps the mails across restarts
 * - `--host address` (127.0.0.1)
 */
await runProgram(log, async () => {
  const { values } = parseArgs({
    options: { 'smtp-port': { type: 'string', default: '9587' }, 'web-port': { type: 'string', default: '9025' }, folder: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' } },
  });
  const inbox = await startInbox({
    host: values.host,
    smtpPort: portOf('--smtp-port', values['smtp-port']),
    webPort: portOf('--web-port', values['web-port']),
    ...(values.folder === undefined ? {} : { folder: values.folder }),
    log,
  });
  log.info(`ready at ${inbox.url}, catching mails on ${values.host}:${inbox.smtpPort}`);
  return { stop: () => inbox.close() };
});

function portOf(option: string, given: string): number {
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65_535) throw new Error(`${option} must be a port from 0 to 65535, not "${given}"`);
  return port;
}
