import type { AccountLock } from '../account-lock/account-lock.ts';
import { proceed } from '../chain/user-operation.ts';
import type { IdentityEventHandler } from './identity-event.ts';

/** Refuses locked accounts, and locks those for which too many wrong passwords come. */
export function accountLockHandler(lock: AccountLock): IdentityEventHandler {
  return {
    name: 'account.lock.handler',
    priority: 10,
    enable: true,
    subscriptions: new Set(['PRE_AUTHENTICATION', 'POST_AUTHENTICATION']),
    handle(event) {
      switch (event.name) {
        case 'PRE_AUTHENTICATION':
          return lock.admit(event.operation);
        case 'POST_AUTHENTICATION':
          return lock.settle(event.operation);
        default:
          return proceed;
      }
    },
    within: lock.within,
  };
}
