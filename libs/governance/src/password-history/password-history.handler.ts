import type { PasswordHistory, User } from '@rekey/identity';
import { proceed, type Verdict } from '../chain/user-operation.ts';
import type { ConnectorSettings } from '../connector/connector-settings.ts';
import type { IdentityEventHandler } from '../handler/identity-event.ts';
import { isPassword } from '../password-policy/password-policy.ts';
import { refuse } from '../refusals.ts';

/** Refuses a password that is one of the user's last ones. What the last ones are is written down by `UserManager`, in the transaction that changes the password. */
export function passwordHistoryHandler(history: PasswordHistory, settings: ConnectorSettings): IdentityEventHandler {
  return {
    name: 'passwordHistory',
    priority: 40,
    enable: true,
    subscriptions: new Set(['PRE_UPDATE_CREDENTIAL', 'PRE_UPDATE_CREDENTIAL_BY_ADMIN']),
    handle(event) {
      switch (event.name) {
        case 'PRE_UPDATE_CREDENTIAL':
        case 'PRE_UPDATE_CREDENTIAL_BY_ADMIN':
          // Else an administrator could try which password a user has, and so could whoever found a browser signed in.
          if (event.operation.dryRun || ('proved' in event.operation && !event.operation.proved)) return proceed;
          return verdictOn(history, settings, event.operation);
        default:
          return proceed;
      }
    },
  };
}

async function verdictOn(history: PasswordHistory, settings: ConnectorSettings, { user, password }: { readonly user: User; readonly password: string }): Promise<Verdict> {
  const { enable, count } = await settings.passwordHistory(user.tenantDomain);
  // Hashing what can be no password takes resources; the user manager refuses it.
  if (!enable || !isPassword(password)) return proceed;
  const message = count === 1 ? 'Use another password than the present one.' : `Use another password than the last ${count}.`;
  return (await history.contains(user.id, password, count)) ? refuse('22001', [{ code: 'used-before', message }]) : proceed;
}
