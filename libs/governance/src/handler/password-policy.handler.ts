import { proceed } from '../chain/user-operation.ts';
import type { PasswordPolicy } from '../password-policy/password-policy.ts';
import type { IdentityEventHandler } from './identity-event.ts';

export function passwordPolicyHandler(policy: PasswordPolicy): IdentityEventHandler {
  return {
    name: 'passwordPolicy',
    priority: 30,
    enable: true,
    subscriptions: new Set(['PRE_ADD_USER', 'PRE_UPDATE_CREDENTIAL', 'PRE_UPDATE_CREDENTIAL_BY_ADMIN']),
    handle(event) {
      switch (event.name) {
        case 'PRE_ADD_USER':
          return event.operation.password === null ? proceed : policy.verdictOn(event.operation.password, event.operation.name);
        case 'PRE_UPDATE_CREDENTIAL':
        case 'PRE_UPDATE_CREDENTIAL_BY_ADMIN':
          return policy.verdictOn(event.operation.password, event.operation.user);
        default:
          return proceed;
      }
    },
  };
}
