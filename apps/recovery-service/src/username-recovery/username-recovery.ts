import type { ConnectorSettings } from '@rekey/governance';
import type { Database } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import type { Pseudonyms } from '../rate-limit/pseudonyms.ts';
import { obstacleOf } from '../recovery/account.ts';
import { databaseNow } from '../recovery/database-now.ts';
import type { RecoveryEvents } from '../recovery/recovery-events.ts';
import { seekByClaims, type SeekingParts, type Sought, type SoughtClaim } from '../recovery/sought.ts';
import { countUsernameMail, type UsernameMailLimits } from './count-username-mail.ts';

export interface UsernameRecoveryParts extends SeekingParts {
  readonly database: Database;
  readonly settings: ConnectorSettings;
  readonly events: RecoveryEvents;
  readonly pseudonyms: Pseudonyms;
  /** Asked each time: they follow `deployment.toml`. */
  readonly limits: () => UsernameMailLimits;
  /** Called after a commit that wrote an event. */
  readonly wakeRelay: () => void;
  readonly log: Logger;
}

/** By the request and by configuration, so the same for everyone. */
export type UsernameRefused = { readonly kind: 'refused'; readonly code: '20014' | '20031' };

/** A mail without a secret is still worth reading when the relay was down for hours. */
const mailValidityMs = 24 * 3_600_000;

/** For whoever forgot the username and knows other claims of the account: the name goes to the stored address. */
export class UsernameRecovery {
  constructor(private readonly parts: UsernameRecoveryParts) {}

  /** As `seekByClaims`, where the tenant has its people recover usernames. */
  async find(tenantDomain: string, claims: readonly SoughtClaim[]): Promise<Sought | UsernameRefused> {
    if (!(await this.parts.settings.accountRecovery(tenantDomain)).usernameRecovery) return { kind: 'refused', code: '20031' };
    return (await seekByClaims(this.parts, tenantDomain, claims)) ?? { kind: 'refused', code: '20014' };
  }

  /**
   * Mails an account its name, unless that was done a moment ago or too often within the hour: silently, as whoever asks may be a stranger.
   * Whoever may not recover, or has no address, gets none.
   * @param clientAddress of the person who asks, for the mail; absent where somebody asks in their stead
   */
  async mail(sought: Sought, clientAddress?: string): Promise<void> {
    const { database, events, pseudonyms, limits, wakeRelay, log } = this.parts;
    const account = sought.kind === 'found' ? sought.account : sought.decoy;
    const { id } = account.user;
    const decoy = sought.kind !== 'found' || obstacleOf(account) !== null;
    const now = await databaseNow(database);
    const event = events.usernameRecoveryRequested(account, { now, expiresAt: new Date(now.getTime() + mailValidityMs), clientAddress });
    const subjects = { cooldown: pseudonyms.of('username cooldown', id), mails: pseudonyms.of('username mails', id) };
    if (await countUsernameMail(database, subjects, limits(), event, decoy)) wakeRelay();
    // Not at `info`, as with links: a line takes time.
    else log.debug({ userId: id }, 'no mail with the username: there was one a moment ago, or too many within the hour');
  }
}
