import { rm } from 'node:fs/promises';
import path from 'node:path';
import { configFromEnvironment, localFileIn } from '@rekey/deployment-config';
import { readOptions, runProgram } from '@rekey/lifecycle';
import { localCertificate, localDefaults, localKeys, localPorts, startEmbeddedPostgres, writePrivateFile } from '@rekey/local-stack';
import { createLogger } from '@rekey/observability';

const usage = `
npm run database

Runs a local PostgreSQL until Ctrl-C, for services that are started one by one, and writes run/local.toml into the data folder: where the
database, the broker of npm run kafka and the inbox of npm run inbox are, and the keys that the services share. Services of the same data
folder find all that by themselves. It also makes the self-signed certificate for npm run gateway.

  REKEY_CONFIG     the deployment.toml; [server] offset in it shifts the port (9432)
  REKEY_HOME       the data folder (default .rekey)
`;

const log = createLogger('database', { format: 'pretty' });

await runProgram(log, async ({ fail }) => {
  readOptions(usage, {});
  const { config, home } = configFromEnvironment();
  const ports = localPorts(config.server.offset);
  const folder = path.resolve(home);
  const postgres = await startEmbeddedPostgres({ dataFolder: path.join(folder, 'postgres'), port: ports.postgres, log });
  const localFile = localFileIn(folder);
  const stop = async (): Promise<void> => {
    await rm(localFile, { force: true });
    await postgres.stop();
  };
  try {
    await Promise.all([localCertificate(folder, config.server.hostname), ...['rekey_recovery', 'rekey_notification'].map((name) => postgres.ensureDatabase(name))]);
    const defaults = localDefaults({
      ports,
      keys: await localKeys(folder),
      baseUrl: config.server.baseUrl,
      mailCatcher: config.email === null,
      brokers: [`127.0.0.1:${ports.kafka}`],
      behindGateway: true,
      identityDatabase: config.identityDatabase ? null : postgres.settings('rekey_recovery'),
      notificationDatabase: config.notificationDatabase ? null : postgres.settings('rekey_notification'),
    });
    await writePrivateFile(localFile, defaults);
  } catch (error) {
    await stop();
    throw error;
  }
  void postgres.ended.then(() => fail(new Error('PostgreSQL ended by itself')));
  log.info(`PostgreSQL is ready on 127.0.0.1:${ports.postgres}; services find it by ${localFile}. Ctrl-C ends it`);
  return { stop };
});
