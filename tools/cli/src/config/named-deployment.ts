import { configFromEnvironment, type EnvironmentDeployment, type EnvironmentOptions } from '@rekey/deployment-config';
import { personPath } from '../person-path.ts';
import type { Terminal } from '../terminal.ts';

/**
 * The configuration whose file a person names, or that of the environment.
 * @throws DeploymentConfigError
 */
export function namedDeployment(name: string | undefined, terminal: Terminal, options: EnvironmentOptions = {}): EnvironmentDeployment {
  return configFromEnvironment(name === undefined ? options : { ...options, file: personPath(name, terminal) });
}
