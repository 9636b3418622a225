import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RateLimitSettings } from '@rekey/deployment-config';
import { refuse, type Authenticated, type Refused, type UserManager } from '@rekey/governance';
import { canonicalUsername, type PasswordHasher, type UserName } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import type { ClientAddresses } from '../http/client-address.ts';
import { signInRefused } from '../http/sign-in-refused.ts';
import { countRequest, forgetCounts, rememberAddress, signInsSpent } from './rate-limit-statements.ts';

export interface SignInsParts {
  readonly database: SqlExecutor;
  readonly users: UserManager;
  readonly hasher: PasswordHasher;
  readonly addresses: ClientAddresses;
  readonly settings: () => RateLimitSettings;
  readonly log: Logger;
}

const windowSeconds = 3_600;
const refused: Refused = { ...refuse('17002'), kind: 'refused' };

/**
 * Every sign-in from outside, with an end to guessing at one account. What strangers can use up is the allowance of addresses that the
 * account has never signed in from; its own addresses have one each, and a recovery link makes an address its own. So guesses lock nobody out (S11).
 */
export class SignIns {
  constructor(private readonly parts: SignInsParts) {}

  /** @returns beyond the limit what a wrong password gets, after the same hashing, be the account known or not and the password right or wrong; the listener chain is not asked */
  async authenticate(request: IncomingMessage, name: UserName, password: string): Promise<Authenticated | Refused> {
    const { database, users, hasher, addresses, settings, log } = this.parts;
    const { enable, failedSignInsPerAccountPerHour: most } = settings();
    if (!enable) return users.authenticate(name, password);
    const { account, accountHere } = this.subjectsOf(request, name);
    const { subject, spent } = await signInsSpent(database, account, accountHere);
    if (spent >= most) {
      await hasher.verify(password, null);
      return refused;
    }
    const outcome = await users.authenticate(name, password);
    if (outcome.kind === 'refused') {
      // Whatever strangers are told is a wrong password counts as one; a listener that failed does not.
      if (signInRefused(outcome).code !== refused.code) return outcome;
      const counted = await countRequest(database, subject, windowSeconds);
      if (counted.spent === most) log.warn({ address: addresses.of(request), tenantDomain: name.tenantDomain, seconds: counted.secondsLeft }, 'too many wrong passwords for one account: for so long even the right one is refused');
      return outcome;
    }
    // Asked again: of a thousand guesses at once all found something left, and only few may have been right.
    if ((await signInsSpent(database, account, accountHere)).spent >= most) return refused;
    await rememberAddress(database, accountHere);
    return outcome;
  }

  /** Who has set a new password by a link is the account's owner, and what was guessed before is worth nothing now. */
  async recovered(request: IncomingMessage, name: UserName): Promise<void> {
    const { database, settings } = this.parts;
    if (!settings().enable) return;
    const { account, accountHere } = this.subjectsOf(request, name);
    await forgetCounts(database, [account, accountHere]);
    await rememberAddress(database, accountHere);
  }

  /** Digests: people type their passwords into the wrong field, and who signs in from where is nobody's business. */
  private subjectsOf(request: IncomingMessage, { tenantDomain, realm, username }: UserName) {
    const account = [tenantDomain, realm, canonicalUsername(username) ?? username];
    return { account: subjectOf(account), accountHere: subjectOf([...account, this.parts.addresses.of(request)]) };
  }
}

function subjectOf(parts: readonly string[]): string {
  return `sign-in ${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`;
}
