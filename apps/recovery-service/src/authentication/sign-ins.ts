import type { IncomingMessage } from 'node:http';
import type { RateLimitSettings } from '@rekey/deployment-config';
import { refuse, type AuditLog, type Authenticated, type Refused, type UserManager } from '@rekey/governance';
import type { PasswordHasher, User, UserName } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import type { ClientAddresses } from '../http/client-address.ts';
import { accountNamed } from '../keyed-digest.ts';
import type { Pseudonyms } from '../rate-limit/pseudonyms.ts';
import { countRequest, forgetCounts, rememberAddress, signInsSpent, type SignInSubjects } from '../rate-limit/rate-limit-statements.ts';
import { signInRefused } from './sign-in-refused.ts';

export interface SignInsParts {
  readonly database: SqlExecutor;
  readonly users: UserManager;
  readonly hasher: PasswordHasher;
  readonly addresses: ClientAddresses;
  readonly pseudonyms: Pseudonyms;
  readonly settings: () => RateLimitSettings;
  readonly audit: Pick<AuditLog, 'act'>;
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
    const subjects = this.subjectsOf(request, name);
    const { subject, spent } = await signInsSpent(database, subjects);
    if (spent >= most) {
      await hasher.verify(password, null);
      return refused;
    }
    const outcome = await users.authenticate(name, password);
    if (outcome.kind === 'refused') {
      // Whatever strangers are told is a wrong password counts as one; a listener that failed does not.
      if (signInRefused(outcome).code !== refused.code) return outcome;
      const counted = await countRequest(database, subject, windowSeconds);
      if (counted.spent === most) {
        log.warn({ address: addresses.of(request), tenantDomain: name.tenantDomain, seconds: counted.secondsLeft }, 'too many wrong passwords for one account: for so long even the right one is refused');
        this.auditLimit(name, await users.findUser(name));
      }
      return outcome;
    }
    // Asked again: of a thousand guesses at once all found something left, and only few may have been right.
    if ((await signInsSpent(database, subjects)).spent >= most) {
      this.auditLimit(name, outcome.user);
      return refused;
    }
    await this.rememberHere(request, name);
    return outcome;
  }

  /** Whoever has set a new password: what was guessed before is worth nothing now. */
  async forgetGuesses(name: UserName): Promise<void> {
    await this.afterwards((database) => forgetCounts(database, this.accountOf(name)));
  }

  /** Who has proved to be the account's owner has an allowance of their own at this address. */
  async rememberHere(request: IncomingMessage, name: UserName): Promise<void> {
    await this.afterwards((database) => rememberAddress(database, this.subjectsOf(request, name)));
  }

  /** What is beyond the limit is asked of no chain, and leaves no other record: this one says when that began, and which right password it was that came too late. */
  private auditLimit({ tenantDomain }: UserName, user: User | null): void {
    this.parts.audit.act({ operation: 'authenticate', tenantDomain, user, outcome: 'limited' });
  }

  /** What it follows is done: it must not look as if it had failed. */
  private async afterwards(work: (database: SqlExecutor) => Promise<void>): Promise<void> {
    const { database, settings, log } = this.parts;
    if (!settings().enable) return;
    try {
      await work(database);
    } catch (err) {
      log.warn({ err }, 'whose guesses to forget, or which address to know, could not be written: somebody may be refused for up to an hour');
    }
  }

  private subjectsOf(request: IncomingMessage, name: UserName): SignInSubjects {
    return { account: this.accountOf(name), accountHere: this.parts.pseudonyms.of('sign-in', ...accountNamed(name), this.parts.addresses.of(request)) };
  }

  private accountOf(name: UserName): string {
    return this.parts.pseudonyms.of('sign-in', ...accountNamed(name));
  }
}
