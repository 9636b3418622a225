import { configFromEnvironment } from '@rekey/deployment-config';
import { portOf, readOptions, runProgram } from '@rekey/lifecycle';
import { createLogger } from '@rekey/observability';
import { startInbox } from './start-inbox.ts';

const usage = `
npm run inbox -- [--smtp-port N] [--web-port N] [--folder path] [--host address] [--name name …]

The mail inbox by itself: catches every mail that is sent to it, and shows them in the browser.

  --smtp-port N    default 9587, shifted by [server] offset
  --web-port N     default 9025, shifted by [server] offset
  --folder path    keeps the mails across restarts (default: they are kept in memory)
  --host address   default 127.0.0.1
  --name name      a host name that its pages answer to, beside localhost and addresses; once or more often

  REKEY_CONFIG     the deployment.toml
`;

const log = createLogger('inbox');

await runProgram(log, async () => {
  const { 'smtp-port': givenSmtpPort, 'web-port': givenWebPort, folder, host = '127.0.0.1', name: names = [] } = readOptions(usage, {
    'smtp-port': { type: 'string' },
    'web-port': { type: 'string' },
    folder: { type: 'string' },
    host: { type: 'string' },
    name: { type: 'string', multiple: true },
  });
  const inbox = await startInbox({
    host,
    names,
    smtpPort: givenSmtpPort === undefined ? 9587 + configFromEnvironment().config.server.offset : portOf('--smtp-port', givenSmtpPort),
    webPort: givenWebPort === undefined ? 9025 + configFromEnvironment().config.server.offset : portOf('--web-port', givenWebPort),
    ...(folder === undefined ? {} : { folder }),
    log,
  });
  log.info(`ready at ${inbox.url}, catching mails on ${host}:${inbox.smtpPort}`);
  return { stop: () => inbox.close() };
});
