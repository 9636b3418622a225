import type { DeploymentConfig } from './deployment-config.ts';
import { isLoopbackHost } from './loopback.ts';

/** WSO2's well-known one. */
export const samplePassword = 'admin';

/** Of a configuration, or with the address that people really reach. */
export interface SuperAdminAtAddress {
  readonly superAdmin: DeploymentConfig['superAdmin'];
  readonly server: Pick<DeploymentConfig['server'], 'listenAddress'>;
}

/**
 * Whether the file lets strangers sign in with the sample password. Programs refuse to start then. The account's own password counts
 * from its first start on: the recovery service's `assertSamplePasswordChanged` looks at that one.
 */
export function exposesSamplePassword({ superAdmin, server }: SuperAdminAtAddress): boolean {
  return superAdmin.password === samplePassword && !isLoopbackHost(server.listenAddress);
}
