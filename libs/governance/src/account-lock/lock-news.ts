import type { AccountChangedHook } from '../account-change.ts';
import type { ChainConfig } from '../configured-chain.ts';

/**
 * WSO2's `emailSend`, as far as it is a matter of flags here: whether people are told by mail that their account was locked or unlocked.
 * The mail is an event that is written in the transaction that locks, so there is no identity event to handle.
 */
export function tellOfLocks({ listeners, handlers, accountLocking }: Pick<ChainConfig, 'listeners' | 'handlers' | 'accountLocking'>, tell: AccountChangedHook): AccountChangedHook {
  const told = listeners['governance_identity_mgt']?.enable === true && handlers.emailSend?.enable !== false && accountLocking.notify;
  return told ? tell : async () => Promise.resolve();
}
