import type { AccountLockingSettings } from '@rekey/deployment-config';
import type { Claims } from '@rekey/identity';
import { accountLocked, accountState, awaitsPassword, identityClaimPrefix, isLocked, lockedReason } from '../account-status.ts';

/** Milliseconds since 1970; 0 or none: no end by itself. */
const unlockTime = `${identityClaimPrefix}unlockTime`;
/** Wrong passwords in a row. */
const failedAttempts = `${identityClaimPrefix}failedLoginAttempts`;
/** Locks in a row that wrong passwords led to. */
const lockouts = `${identityClaimPrefix}failedLoginLockoutCount`;

/** WSO2's claims of a lock, all of them text. */
export const lockClaims: readonly string[] = [accountLocked, lockedReason, unlockTime, failedAttempts, lockouts, accountState];

/** WSO2's words for why. */
const forFailedAttempts = 'MAX_ATTEMPTS_EXCEEDED';
const byAdministrator = 'ADMIN_INITIATED';

/** How many wrong passwords lead to a lock, and how long it lasts. */
export type LockRules = Pick<AccountLockingSettings, 'allowedFailedAttempts' | 'autoUnlockAfterSeconds' | 'autoUnlockTimeIncrementRatio'>;

/** However often it has grown. */
const longestLockSeconds = 366 * 24 * 3_600;

/** Such a lock ends by itself or by a recovery; any other by an administrator alone. */
function isLockedForFailedAttempts(claims: Claims): boolean {
  // A lock with an end and without a reason is one of an older WSO2's.
  return isLocked(claims) && (claims[lockedReason] === forFailedAttempts || (!claims[lockedReason] && unlocksAt(claims) !== null));
}

/** One that ends with the first password is none: a recovery sets that. */
export function isLockedByAdministrator(claims: Claims): boolean {
  return isLocked(claims) && !isLockedForFailedAttempts(claims) && !awaitsPassword(claims);
}

/** Whether whoever wrote the lock gave it a reason: it has been told of then. */
export function isTold(claims: Claims): boolean {
  return Boolean(claims[lockedReason]);
}

/** null: no end by itself. */
export function unlocksAt(claims: Claims): Date | null {
  const time = numberIn(claims, unlockTime);
  return time > 0 ? new Date(time) : null;
}

export function isOver(claims: Claims, now: Date): boolean {
  const end = unlocksAt(claims);
  return end !== null && end <= now;
}

/** Whether a sign-in with the right password has something to forgive. */
export function hasFailures(claims: Claims): boolean {
  return numberIn(claims, failedAttempts) > 0 || numberIn(claims, lockouts) > 0;
}

/** @returns what one more wrong password changes: the count, or at the limit a lock, which lasts `ratio` times as long as the one before */
export function afterWrongPassword(claims: Claims, now: Date, settings: LockRules): Claims {
  const failures = numberIn(claims, failedAttempts) + 1;
  if (failures < settings.allowedFailedAttempts) return { [failedAttempts]: String(failures) };
  const locksBefore = numberIn(claims, lockouts);
  const growth = Math.min(settings.autoUnlockTimeIncrementRatio ** locksBefore, longestLockSeconds);
  const seconds = Math.min(settings.autoUnlockAfterSeconds * growth, longestLockSeconds);
  return {
    [accountLocked]: 'true',
    [lockedReason]: forFailedAttempts,
    [unlockTime]: seconds === 0 ? '0' : String(Math.ceil(now.getTime() + seconds * 1_000)),
    [failedAttempts]: '0',
    [lockouts]: String(locksBefore + 1),
  };
}

/** The next lock is the longer one all the same. */
export const afterTimedUnlock: Claims = { [accountLocked]: 'false', [lockedReason]: '', [unlockTime]: '0', [failedAttempts]: '0' };

/** After a sign-in, a recovery, or an administrator's word. */
export const afterForgiving: Claims = { ...afterTimedUnlock, [lockouts]: '0' };

/** Whether an administrator's change of claims locks or unlocks. */
export function saysOfLock(change: Claims): boolean {
  return change[accountLocked] !== undefined;
}

/**
 * @param change in which an administrator sets `accountLocked`
 * @param claims those that are there
 * @returns what belongs to it, beside what it says itself
 */
export function afterAdministrator(change: Claims, claims: Claims): Claims {
  const lock = isLocked(change) ? { ...afterTimedUnlock, [lockedReason]: byAdministrator } : afterForgiving;
  // As in WSO2, only an account that has a state has another one then.
  const belongs = Object.entries(claims[accountState] ? { ...lock, [accountState]: isLocked(change) ? 'LOCKED' : 'UNLOCKED' } : lock);
  // Nobody needs a count of zero who has none.
  return Object.fromEntries(belongs.filter(([uri, value]) => change[uri] === undefined && value !== (claims[uri] ?? (value === '' ? '' : '0'))));
}

/** A claim may hold anything: what is no number is 0. Thirteen digits are the year 2286 in milliseconds. */
function numberIn(claims: Claims, uri: string): number {
  const text = claims[uri] ?? '';
  return /^\d{1,13}$/.test(text) ? Number(text) : 0;
}
