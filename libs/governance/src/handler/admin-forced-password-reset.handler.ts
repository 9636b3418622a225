import type { AccountChangedHook } from '../account-change.ts';
import { adminForcedPasswordReset, isResetForced } from '../account-status.ts';
import { claimsChange } from '../chain/claims-change.ts';
import { proceed } from '../chain/user-operation.ts';
import type { IdentityClaims } from '../identity-claims.ts';
import { refuse } from '../refusals.ts';
import type { SignInStatus } from '../sign-in-status.ts';
import type { IdentityEventHandler } from './identity-event.ts';
import type { SignOut } from './sign-out.ts';

/**
 * An administrator sets the claim `adminForcedPasswordReset`: whoever is signed in is signed out, nobody signs in, and the person is
 * mailed a recovery key, until the password has been set with it (or by an administrator).
 */
export function adminForcedPasswordResetHandler(status: SignInStatus, identityClaims: IdentityClaims, signOut: SignOut, tell: AccountChangedHook): IdentityEventHandler {
  return {
    name: 'adminForcedPasswordReset',
    priority: 50,
    enable: true,
    subscriptions: new Set(['PRE_AUTHENTICATION']),
    async handle(event) {
      if (event.name !== 'PRE_AUTHENTICATION') return proceed;
      return isResetForced(await status(event.operation)) ? refuse('17006') : proceed;
    },
    within: {
      async setClaims(operation, tx) {
        if (!isResetForced(claimsChange(operation))) return;
        const { user, resetWay = null } = operation;
        await signOut(tx, user);
        const held = await identityClaims.hold(tx, user.id);
        if (held) await tell(tx, user, { kind: 'reset-forced', claims: held.claims, way: resetWay });
      },
      async updateCredentialByAdmin({ user }, tx) {
        const held = await identityClaims.hold(tx, user.id);
        if (held && isResetForced(held.claims)) await identityClaims.set(tx, user.id, { [adminForcedPasswordReset]: 'false' });
      },
    },
  };
}
