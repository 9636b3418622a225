import { randomBytes } from 'node:crypto';
import { wso2Claim } from '@rekey/identity';
import type { RecoveryService } from './recovery-service.ts';

/** Someone who has forgotten the password from the very start: nobody knows it, so the first thing to try is recovering it. */
export async function ensureDemoUser({ users }: RecoveryService): Promise<void> {
  await users.provision({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'kim' }, randomBytes(32).toString('base64url'), {
    [wso2Claim('emailaddress')]: 'kim@example.com',
    [wso2Claim('givenname')]: 'Kim',
    [wso2Claim('lastname')]: 'Meyer',
  });
}
