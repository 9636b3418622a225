import { isLoopbackHost, samplePassword, type SuperAdminAtAddress } from '@rekey/deployment-config';
import { superTenant } from '@rekey/identity';
import type { RecoveryService } from './recovery-service.ts';

/**
 * To be called before the service listens. The password in the file counts only when the account is made: one that was made on loopback
 * may still have the sample password, whatever the file says by now (S41).
 * @throws Error with one line for an operator where others than this machine could sign in with it
 */
export async function assertSamplePasswordChanged({ users }: Pick<RecoveryService, 'users'>, { superAdmin, server }: SuperAdminAtAddress): Promise<void> {
  if (isLoopbackHost(server.listenAddress)) return;
  const { username } = superAdmin;
  const outcome = await users.authenticate({ tenantDomain: superTenant, realm: 'PRIMARY', username }, samplePassword);
  if (outcome.kind !== 'authenticated') return;
  throw new Error(`the account ${username} still has the sample password, whatever [super_admin] says by now: start with [server] listen_address = "127.0.0.1" and give it another one first`);
}
