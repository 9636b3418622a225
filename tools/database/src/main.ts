import path from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { configFromEnvironment } from '@rekey/deployment-config';
import { runProgram } from '@rekey/lifecycle';
import { localDefaults, localKeys, localPorts, startEmbeddedPostgres } from '@rekey/local-stack';
import { createLogger } from '@rekey/observability';

const log = createLogger('database', { format: 'pretty' });

/**
 * `npm run database`: the local PostgreSQL in the foreground, for services that are started one by one. Writes what they need to find it,
 * the broker of `npm run kafka`, the local keys and the mail catcher to `run/local.toml`, which they read beneath `deployment.toml`.
 */
await runProgram(log, async (fail) => {
  const { config, home } = configFromEnvironment();
  const ports = localPorts(config.server.offset);
  const folder = path.resolve(home);
  const postgres = await startEmbeddedPostgres({ dataFolder: path.join(folder, 'postgres'), port: ports.postgres, log });
  await Promise.all(['rekey_recovery', 'rekey_notification'].map((name) => postgres.ensureDatabase(name)));
  const defaults = localDefaults({
    ports,
    keys: await localKeys(folder),
    baseUrl: config.server.baseUrl,
    mailCatcher: config.email === null,
    brokers: [`127.0.0.1:${ports.kafka}`],
    identityDatabase: postgres.settings('rekey_recovery'),
    notificationDatabase: postgres.settings('rekey_notification'),
  });
  const file = path.join(folder, 'run/local.toml');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, defaults, { mode: 0o600 });
  log.info(`PostgreSQL is ready on 127.0.0.1:${ports.postgres}; its services find it by ${file}. Ctrl-C ends it`);
  void postgres.ended.then(() => fail(new Error('PostgreSQL ended by itself')));
  return postgres;
});
