import { proceed } from '../chain/user-operation.ts';
import { verdictOn, type PolicyOf } from '../password-policy/password-policy.ts';
import type { IdentityEventHandler } from './identity-event.ts';

export function passwordPolicyHandler(policyOf: PolicyOf): IdentityEventHandler {
  return {
    name: 'passwordPolicy',
    priority: 30,
    enable: true,
    subscriptions: new Set(['PRE_ADD_USER', 'PRE_UPDATE_CREDENTIAL', 'PRE_UPDATE_CREDENTIAL_BY_ADMIN']),
    handle(event) {
      switch (event.name) {
        case 'PRE_ADD_USER':
          return event.operation.password === null ? proceed : verdictOn(policyOf, event.operation.password, event.operation.name);
        case 'PRE_UPDATE_CREDENTIAL':
        case 'PRE_UPDATE_CREDENTIAL_BY_ADMIN':
          return verdictOn(policyOf, event.operation.password, event.operation.user);
        default:
          return proceed;
      }
    },
  };
}
