import type { AccountChangedHook } from '../account-change.ts';
import type { ConnectorSettings } from '../connector/connector-settings.ts';
import type { ChainConfig } from '../configured-chain.ts';

type Flags = Pick<ChainConfig, 'listeners' | 'handlers'>;

/** Whether the file lets people be told of locks at all; their tenant may still not. */
export function mailsOfLocks({ listeners, handlers }: Flags): boolean {
  return listeners['governance_identity_mgt']?.enable === true && handlers.emailSend?.enable !== false;
}

/**
 * WSO2's `emailSend`, as far as it is a matter of flags here: whether people are told by mail that their account was locked or unlocked.
 * The mail is an event that is written in the transaction that locks, so there is no identity event to handle.
 */
export function tellOfLocks(flags: Flags, settings: ConnectorSettings, tell: AccountChangedHook): AccountChangedHook {
  if (!mailsOfLocks(flags)) return async () => Promise.resolve();
  return async (tx, user, change) => {
    const { notify } = await settings.within(tx).accountLock(user.tenantDomain);
    if (notify) await tell(tx, user, change);
  };
}
