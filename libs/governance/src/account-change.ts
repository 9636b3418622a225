import { addressClaims, type Claims, type User } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';

/** Where a recovery link goes to: whoever sets it can have the account. */
export const addressClaim = addressClaims.primary;

/** What an administrator's reset mails: a link, or a code to type. */
export type ResetWay = 'link' | 'otp';

/** What has become of an account, as those hear who have to do with recovery keys and mails. */
export type AccountChange =
  /** What makes recovery keys void; `account-locked` by an administrator, whatever is told of locks. */
  | { readonly kind: 'account-disabled' | 'account-locked' | 'user-deleted' }
  /** Who holds a key from before has not been judged by it. */
  | { readonly kind: 'role-granted' }
  /** A recovery key's, too, as in `updateCredentialByAdmin`. */
  | { readonly kind: 'password-changed'; readonly by: 'administrator' }
  /** Of somebody who knew the old one. @property clientAddress theirs, where it is known */
  | { readonly kind: 'password-changed'; readonly by: 'user'; readonly claims: Claims; readonly clientAddress: string | undefined }
  /** @property claims those of before: the old address is among them */
  | { readonly kind: 'address-changed'; readonly claims: Claims }
  /** Another address waits to be confirmed, and until then the old one is in force. @property claims those of before */
  | { readonly kind: 'address-requested'; readonly address: string; readonly claims: Claims }
  /** An administrator wants another password set, by recovery; nothing else signs in until then. @property way null: as the tenant has it */
  | { readonly kind: 'reset-forced'; readonly claims: Claims; readonly way: ResetWay | null }
  /** For the mail about it, where people are told of locks. @property until null: no end by itself */
  | { readonly kind: 'locked'; readonly reason: 'failed-attempts' | 'administrator'; readonly at: Date; readonly until: Date | null; readonly claims: Claims }
  | { readonly kind: 'unlocked'; readonly reason: 'time' | 'recovery' | 'administrator'; readonly at: Date; readonly claims: Claims };

/** Happens in the transaction that makes the change: what it throws undoes that. May run twice where the transaction is tried again. */
export type AccountChangedHook = (tx: SqlExecutor, user: User, change: AccountChange) => Promise<void>;
