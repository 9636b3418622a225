import { exposesPlainHttp, exposesSamplePassword, type DeploymentConfig } from '@rekey/deployment-config';
import { readArguments } from '../read-arguments.ts';
import type { Command } from '../terminal.ts';
import { namedDeployment } from './named-deployment.ts';

const usage = `
rekey config check [FILE]

Reads a deployment.toml as a service does, and starts nothing. Prints "FILE: valid" and what to know about it, or the first fault with file,
line, column and what was expected, and exits with 1 then. Environment variables that it asks for must be set.

  FILE           default: REKEY_CONFIG, else the deployment.toml of the checkout
`;

export const configCheck: Command = {
  summary: 'validates a deployment.toml without starting anything',
  usage,
  run(args, terminal) {
    const [file] = readArguments('config check', args, {}, 1).positionals;
    const deployment = namedDeployment(file, terminal);
    terminal.out(`${deployment.file}: valid\n`);
    for (const warning of [...deployment.warnings, ...refusedBeyondLoopback(deployment.config)]) terminal.out(`warning: ${warning}\n`);
  },
};

/** Right for the local modes, whose gateway does TLS; a service by itself does not start with it. */
function refusedBeyondLoopback(config: DeploymentConfig): string[] {
  const { listenAddress } = config.server;
  return [
    ...(exposesSamplePassword(config) ? [`super_admin.password is the sample password: nothing starts with it on ${listenAddress}`] : []),
    ...(exposesPlainHttp(config.server) ? [`server.trusted_proxies is empty: the recovery service by itself speaks plain HTTP, and does not start on ${listenAddress} without a gateway named there`] : []),
  ];
}
