import path from 'node:path';
import { configFromEnvironment, type EnvironmentDeployment, type EnvironmentOptions } from '@rekey/deployment-config';
import type { Terminal } from '../terminal.ts';

/**
 * The configuration whose file a person names, or that of the environment.
 * @param name relative to where the person is: npm runs its scripts elsewhere
 * @throws DeploymentConfigError
 */
export function namedDeployment(name: string | undefined, { environment }: Terminal, options: EnvironmentOptions = {}): EnvironmentDeployment {
  if (name === undefined) return configFromEnvironment(options);
  const here = environment['npm_lifecycle_event'] === 'rekey' ? (environment['INIT_CWD'] ?? '') : '';
  return configFromEnvironment({ ...options, file: path.resolve(here, name) });
}
