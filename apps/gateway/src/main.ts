import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { configFromEnvironment, exposesSamplePassword } from '@rekey/deployment-config';
import { portOf, readOptions, runProgram } from '@rekey/lifecycle';
import { createLogger, reasonOf } from '@rekey/observability';
import { startGateway } from './start-gateway.ts';

const usage = `
npm run gateway -- [--upstream http://host:port …] [--certificate file.pem [--key file.pem]]

What Caddy is in production, for one machine: TLS, the pages of My Account and the Console, and the REST API shared out among the recovery services.

  --upstream URL            a recovery service; once or more often (default: those on this machine, 9500 to 9503, shifted by [server] offset)
  --certificate file.pem    default: certificate.pem of the data folder, which npm run database makes
  --key file.pem            where the key is not in the same file
  --https-port N            default 9443, shifted by [server] offset
  --http-port N             default 9763, shifted likewise; on 127.0.0.1 always
  --listen-address address  default: [server] listen_address
  --my-account folder       My Account's built pages, where they are not in the checkout
  --console folder          the Console's, likewise

  REKEY_CONFIG              the deployment.toml
  REKEY_HOME                the data folder (default .rekey)
`;

const log = createLogger('gateway');
const builtMyAccount = fileURLToPath(new URL('../../my-account/dist/', import.meta.url));
const builtConsole = fileURLToPath(new URL('../../console/dist/', import.meta.url));
const recoveryServicePorts = [9500, 9501, 9502, 9503];

await runProgram(log, async () => {
  const options = readOptions(usage, {
    upstream: { type: 'string', multiple: true },
    certificate: { type: 'string' },
    key: { type: 'string' },
    'https-port': { type: 'string' },
    'http-port': { type: 'string' },
    'listen-address': { type: 'string' },
    'my-account': { type: 'string' },
    console: { type: 'string' },
  });
  const { config, home, warnings } = configFromEnvironment();
  for (const warning of warnings) log.warn(warning);
  const { offset, listenAddress: configuredAddress, httpsPort, httpPort } = config.server;
  const listenAddress = options['listen-address'] ?? configuredAddress;
  if (exposesSamplePassword({ superAdmin: config.superAdmin, server: { listenAddress } })) throw new Error('[super_admin] still has the sample password, which is only taken on loopback: set another one');
  const cert = options.certificate === undefined ? await localCertificateIn(home) : await readPem('--certificate', options.certificate);
  const gateway = await startGateway({
    listenAddress,
    httpsPort: options['https-port'] === undefined ? httpsPort : portOf('--https-port', options['https-port']),
    httpPort: options['http-port'] === undefined ? httpPort : portOf('--http-port', options['http-port']),
    certificate: { cert, key: options.key === undefined ? cert : await readPem('--key', options.key) },
    upstreams: options.upstream ?? recoveryServicePorts.map((port) => `http://127.0.0.1:${port + offset}`),
    myAccountFolder: options['my-account'] ?? builtMyAccount,
    consoleFolder: options.console ?? builtConsole,
    log,
  });
  log.info(`ready at https://${listenAddress}:${gateway.httpsPort} and http://127.0.0.1:${gateway.httpPort}`);
  return { stop: () => gateway.close() };
});

async function localCertificateIn(home: string): Promise<string> {
  const file = path.join(home, 'certificate.pem');
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`no certificate: name one by --certificate, or run \`npm run database\`, which makes ${file}`, { cause: error });
  });
}

async function readPem(option: string, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`${option} ${file} cannot be read (${reasonOf(error)})`, { cause: error });
  });
}
