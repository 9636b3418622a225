import type { DeploymentConfig } from './deployment-config.ts';

const loopback = ['127.0.0.1', '::1', 'localhost'];

/** Whether strangers could sign in with WSO2's well-known sample password. Services refuse to start then. */
export function exposesSamplePassword({ superAdmin, server }: DeploymentConfig): boolean {
  return superAdmin.password === 'admin' && !loopback.includes(server.listenAddress);
}
