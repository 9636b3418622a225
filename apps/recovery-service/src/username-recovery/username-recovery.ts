import type { ConnectorSettings, UserManager } from '@rekey/governance';
import type { Database } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import type { Pseudonyms } from '../rate-limit/pseudonyms.ts';
import { obstacleOf, recoveryClaims, type Account } from '../recovery/account.ts';
import type { DecoyIds } from '../recovery/decoy-id.ts';
import type { RecoveryEvents } from '../recovery/recovery-events.ts';
import { countUsernameMail, type UsernameMailLimits } from './count-username-mail.ts';
import { decoyOf, soughtClaims, type SoughtClaim } from './sought-claims.ts';

export interface UsernameRecoveryParts {
  readonly database: Database;
  readonly users: UserManager;
  readonly settings: ConnectorSettings;
  readonly events: RecoveryEvents;
  readonly decoyIds: DecoyIds;
  readonly pseudonyms: Pseudonyms;
  /** Asked each time: they follow `deployment.toml`. */
  readonly limits: () => UsernameMailLimits;
  /** Called after a commit that wrote an event. */
  readonly wakeRelay: () => void;
  readonly log: Logger;
}

/** By the request and by configuration, so the same for everyone. */
export type UsernameRefused = { readonly kind: 'refused'; readonly code: '20014' | '20031' };

/** Whom claims mean. */
export type Sought =
  | { readonly kind: 'found'; readonly account: Account }
  /** `decoy` stands for whoever was not found: mailed to like anybody, it costs the same, and nobody gets it. */
  | { readonly kind: 'nobody' | 'several'; readonly decoy: Account };

/** A mail without a secret is still worth reading when the relay was down for hours. */
const mailValidityMs = 24 * 3_600_000;

/** For whoever forgot the username and knows other claims of the account: the name goes to the stored address. */
export class UsernameRecovery {
  constructor(private readonly parts: UsernameRecoveryParts) {}

  /**
   * The one account of a tenant that has all of these claims, each compared in its one canonical form (S6). Changes nothing, and costs
   * the same whether there is one. A door for strangers must not tell the outcomes apart, and mails to every one of them.
   */
  async find(tenantDomain: string, claims: readonly SoughtClaim[]): Promise<Sought | UsernameRefused> {
    const { users, settings, decoyIds } = this.parts;
    if (!(await settings.accountRecovery(tenantDomain)).usernameRecovery) return { kind: 'refused', code: '20031' };
    const sought = soughtClaims(claims);
    if (!sought) return { kind: 'refused', code: '20014' };
    const decoy = decoyOf(decoyIds, tenantDomain, sought);
    const { user, claims: found, several } = await users.findUserByClaims(tenantDomain, sought, decoy, recoveryClaims);
    return user ? { kind: 'found', account: { user, claims: found } } : { kind: several ? 'several' : 'nobody', decoy: { user: decoy, claims: {} } };
  }

  /**
   * Mails an account its name, unless that was done a moment ago or too often within the hour: silently, as whoever asks may be a stranger.
   * Whoever may not recover, or has no address, gets none.
   */
  async mail(sought: Sought): Promise<void> {
    const { database, events, pseudonyms, limits, wakeRelay, log } = this.parts;
    const account = sought.kind === 'found' ? sought.account : sought.decoy;
    const { id } = account.user;
    const decoy = sought.kind !== 'found' || obstacleOf(account) !== null;
    const [clock] = await database.query<{ now: Date }>('SELECT now() AS now');
    if (!clock) throw new Error('the database has no clock');
    const event = events.usernameRecoveryRequested(account, { now: clock.now, expiresAt: new Date(clock.now.getTime() + mailValidityMs) });
    const subjects = { cooldown: pseudonyms.of('username cooldown', id), mails: pseudonyms.of('username mails', id) };
    if (await countUsernameMail(database, subjects, limits(), event, decoy)) wakeRelay();
    // Not at `info`, as with links: a line takes time.
    else log.debug({ userId: id }, 'no mail with the username: there was one a moment ago, or too many within the hour');
  }
}
