import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runProgram } from '@rekey/lifecycle';
import { createLogger } from '@rekey/observability';
import { startGateway } from './start-gateway.ts';

const log = createLogger('gateway');
const builtMyAccount = fileURLToPath(new URL('../../my-account/dist/', import.meta.url));

/**
 * The gateway of `npm run start:distributed`.
 *
 * - `--upstream http://host:port`: a recovery service; once or more often
 * - `--certificate file.pem`, with `--key file.pem` where the key is not in the same file
 * - `--https-port N` (9443), `--http-port N` (9763, loopback), `--listen-address address` (127.0.0.1)
 * - `--my-account folder`: the built pages, where they are not in the checkout
 */
await runProgram(log, async () => {
  const { values } = parseArgs({
    options: {
      upstream: { type: 'string', multiple: true, default: [] },
      certificate: { type: 'string' },
      key: { type: 'string' },
      'https-port': { type: 'string', default: '9443' },
      'http-port': { type: 'string', default: '9763' },
      'listen-address': { type: 'string', default: '127.0.0.1' },
      'my-account': { type: 'string', default: builtMyAccount },
    },
  });
  if (values.certificate === undefined) throw new Error('expected --certificate with a PEM file');
  const cert = await readPem('--certificate', values.certificate);
  const gateway = await startGateway({
    listenAddress: values['listen-address'],
    httpsPort: portOf('--https-port', values['https-port']),
    httpPort: portOf('--http-port', values['http-port']),
    certificate: { cert, key: values.key === undefined ? cert : await readPem('--key', values.key) },
    upstreams: values.upstream,
    myAccountFolder: values['my-account'],
    log,
  });
  log.info(`ready at https://${values['listen-address']}:${gateway.httpsPort} and http://127.0.0.1:${gateway.httpPort}`);
  return { stop: () => gateway.close() };
});

async function readPem(option: string, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`${option} ${file} cannot be read (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  });
}

function portOf(option: string, given: string): number {
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65_535) throw new Error(`${option} must be a port from 0 to 65535, not "${given}"`);
  return port;
}
