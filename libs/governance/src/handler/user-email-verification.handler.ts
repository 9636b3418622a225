import { addressClaim, type AccountChangedHook } from '../account-change.ts';
import { accountLocked, accountState, awaitsOwner, emailVerified, pendingAddress, type ClaimReader } from '../account-status.ts';
import { claimsChange } from '../chain/claims-change.ts';
import { proceed, type UserOperations } from '../chain/user-operation.ts';
import type { ConnectorSettings } from '../connector/connector-settings.ts';
import type { IdentityClaims } from '../identity-claims.ts';
import type { IdentityEventHandler } from './identity-event.ts';

/**
 * Where a tenant wants addresses verified, a changed one waits in a claim of its own, and the old one stays in force, until whoever reads mail at
 * the new one has confirmed it. The confirmation sets both claims, which tells it from any other change. Of an account that its owner has still to open
 * the old one protects nobody: an administrator mends it, and the link that went there must die at once.
 */
export function userEmailVerificationHandler(read: ClaimReader, identityClaims: IdentityClaims, settings: ConnectorSettings, tell: AccountChangedHook): IdentityEventHandler {
  const waiting = new WeakMap<UserOperations['setClaims'], string>();
  return {
    name: 'userEmailVerification',
    priority: 65,
    enable: true,
    subscriptions: new Set(['PRE_SET_USER_CLAIMS']),
    async handle(event) {
      if (event.name !== 'PRE_SET_USER_CLAIMS') return proceed;
      const { operation } = event;
      const { [addressClaim]: address, ...others } = operation.claims;
      if (!address || claimsChange(operation)[pendingAddress] !== undefined) return proceed;
      if (!(await settings.userClaimUpdate(operation.user.tenantDomain)).verifyEmail) return proceed;
      const present = await read(operation.user, [addressClaim, accountLocked, accountState]);
      if (address === present[addressClaim] || awaitsOwner(present)) return proceed;
      waiting.set(operation, address);
      operation.claims = others;
      return proceed;
    },
    within: {
      async setClaims(operation, tx) {
        const { user, claims } = operation;
        const address = waiting.get(operation);
        if (address === undefined && claims[addressClaim] === undefined) return;
        const held = await identityClaims.hold(tx, user.id);
        if (!held) return;
        // What waited before is overtaken, be it by an address that counts at once.
        if ((held.claims[pendingAddress] ?? '') !== (address ?? '')) await identityClaims.set(tx, user.id, { [pendingAddress]: address ?? '' });
        if (held.claims[emailVerified] === 'true' && isAnother(operation)) await identityClaims.set(tx, user.id, { [emailVerified]: 'false' });
        if (address !== undefined) await tell(tx, user, { kind: 'address-requested', address, claims: held.claims });
      },
      // Whoever has used what was mailed there reads mail there: a key dies with a change of the address.
      async updateCredentialByAdmin({ user, provesAddress }, tx) {
        if (provesAddress) await identityClaims.set(tx, user.id, { [emailVerified]: 'true' });
      },
    },
  };
}

/** In force at once: nobody has confirmed that one. */
function isAnother(operation: UserOperations['setClaims']): boolean {
  const { claims: { [addressClaim]: address }, replaced = {} } = operation;
  return address !== undefined && address !== (replaced[addressClaim] ?? '') && claimsChange(operation)[emailVerified] === undefined;
}
