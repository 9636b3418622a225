import { randomBytes } from 'node:crypto';
import type { RecoveryService } from './recovery-service.ts';

/** Someone who has forgotten the password from the very start: nobody knows it, so the first thing to try is recovering it. */
export async function ensureDemoUser({ users }: RecoveryService): Promise<void> {
  const claim = (name: string) => `http://wso2.org/claims/${name}`;
  await users.provision({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'kim' }, randomBytes(32).toString('base64url'), {
    [claim('emailaddress')]: 'kim@example.com',
    [claim('givenname')]: 'Kim',
    [claim('lastname')]: 'Meyer',
  });
}
