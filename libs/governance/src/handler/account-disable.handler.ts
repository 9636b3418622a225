import { proceed } from '../chain/user-operation.ts';
import type { ConnectorSettings } from '../connector/connector-settings.ts';
import { refuseDisabled, type SignInStatus } from '../sign-in-status.ts';
import type { IdentityEventHandler } from './identity-event.ts';
import { signOutDisabled, type SignOut } from './sign-out.ts';

/** Refuses disabled accounts, and signs out whoever is signed in to one that becomes disabled. */
export function accountDisableHandler(status: SignInStatus, signOut: SignOut, settings: ConnectorSettings): IdentityEventHandler {
  return {
    name: 'account.disable.handler',
    priority: 20,
    enable: true,
    subscriptions: new Set(['PRE_AUTHENTICATION']),
    handle: (event) => (event.name === 'PRE_AUTHENTICATION' ? refuseDisabled(status, settings, event.operation) : proceed),
    within: { setClaims: signOutDisabled(signOut, settings) },
  };
}
