import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RateLimitSettings } from '@rekey/deployment-config';
import { refuse, type Authenticated, type Refused, type UserManager } from '@rekey/governance';
import { canonicalUsername, type PasswordHasher, type UserName } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import type { ClientAddresses } from '../http/client-address.ts';
import { countSignIn, forgetCounts, giveBack, rememberAddress } from './rate-limit-statements.ts';

export interface SignInsParts {
  readonly database: SqlExecutor;
  readonly users: UserManager;
  readonly hasher: PasswordHasher;
  readonly addresses: ClientAddresses;
  readonly settings: () => RateLimitSettings;
}

const windowSeconds = 3_600;

/**
 * Every sign-in from outside, with an end to guessing at one account. What strangers can use up is the allowance of addresses that the
 * account has never signed in from; its own addresses have one each, and a recovery link makes an address its own. So guesses lock nobody out (S11).
 */
export class SignIns {
  constructor(private readonly parts: SignInsParts) {}

  /** @returns beyond the limit what a wrong password gets, right or wrong, known or not, after the same hashing; the account and the listener chain do not hear of it */
  async authenticate(request: IncomingMessage, name: UserName, password: string): Promise<Authenticated | Refused> {
    const { database, users, hasher, settings } = this.parts;
    const { enable, failedSignInsPerAccountPerHour } = settings();
    if (!enable) return users.authenticate(name, password);
    const { account, accountHere } = this.subjectsOf(request, name);
    // Counted before it is known to have failed: of many at once no more get through either.
    const { subject, spent } = await countSignIn(database, account, accountHere, windowSeconds);
    if (spent > failedSignInsPerAccountPerHour) {
      await hasher.verify(password, null);
      return { ...refuse('17002'), kind: 'refused' };
    }
    const outcome = await users.authenticate(name, password);
    if (outcome.kind === 'authenticated') {
      await giveBack(database, subject);
      await rememberAddress(database, accountHere);
    }
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
