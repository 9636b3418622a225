import { proceed } from '../chain/user-operation.ts';
import { refuseDisabled, refuseLocked, type ClaimReader } from '../listener/account-status.ts';
import type { IdentityEventHandler } from './identity-event.ts';

export function accountLockHandler(read: ClaimReader): IdentityEventHandler {
  return {
    name: 'account.lock.handler',
    priority: 10,
    enable: true,
    subscriptions: new Set(['PRE_AUTHENTICATION']),
    handle: (event) => (event.name === 'PRE_AUTHENTICATION' ? refuseLocked(read, event.operation.user) : proceed),
  };
}

export function accountDisableHandler(read: ClaimReader): IdentityEventHandler {
  return {
    name: 'account.disable.handler',
    priority: 20,
    enable: true,
    subscriptions: new Set(['PRE_AUTHENTICATION']),
    handle: (event) => (event.name === 'PRE_AUTHENTICATION' ? refuseDisabled(read, event.operation.user) : proceed),
  };
}
