import { randomUUID } from 'node:crypto';
import { matchesInTime } from '@rekey/deployment-config';
import type { SecretSealer } from '@rekey/events';
import type { AccountRecoverySettings, ConnectorSettings } from '@rekey/governance';
import type { Roles, User, UserName } from '@rekey/identity';
import { crashPoint, crashPointIn } from '@rekey/lifecycle';
import { barTo, barToForced, obstacleOf, obstacleToFirst, obstacleToForced, type Account, type Obstacle } from '../recovery/account.ts';
import { askFor, type Asked, type AskingParts, type Whom } from '../recovery/asked.ts';
import { nextCode, nextKey } from '../recovery/next-key.ts';
import { newOneTimeCode, type OneTimeCodes } from '../recovery/one-time-codes.ts';
import type { PasswordMail, RecoveryEvents } from '../recovery/recovery-events.ts';
import type { RecoveryKey } from '../recovery/recovery-key.ts';
import { countResend, issueKey, type HeldRecovery, type IssuedKey, type LedTo, type RecoveryMoment, type RecoveryScenario, type Repeats, type ResendLimits, type SecretKind } from '../recovery/recovery-statements.ts';
import { toldCode, type Tells, type ToldCode } from '../recovery/told-obstacle.ts';

export interface PasswordRecoveryParts extends AskingParts {
  readonly roles: Roles;
  readonly settings: ConnectorSettings;
  readonly sealer: SecretSealer;
  readonly events: RecoveryEvents;
  readonly oneTimeCodes: OneTimeCodes;
  readonly limits: () => Pick<ResendLimits, 'mailsPerAccountPerHour'> & Repeats;
  /** Asked each time, as the limits are. */
  readonly tells: () => Tells;
  /** Called after a commit that wrote an event. */
  readonly wakeRelay: () => void;
}

/** `accepted` says nothing about whether such a user exists: the same for everyone (S1). */
export type RequestOutcome = Accepted | RequestRefused;
interface Accepted {
  readonly kind: 'accepted';
  /** For the steps that follow, never for who asks: what is live now, be it a decoy's; null where nothing is. */
  readonly recovery: LedTo | null;
}
export type RequestRefused = NotPermitted | Told;
/** By configuration, so the same for everyone too. */
interface NotPermitted {
  readonly kind: 'refused';
  readonly code: '20017' | '20044';
}
/** Why there is no link for this account: only to those who `mayBeTold`. */
interface Told {
  readonly kind: 'told';
  readonly code: ToldCode;
}
/** `user` is null where the key fits nothing. */
export type HandOverOutcome = { readonly kind: 'issued'; readonly key: RecoveryKey; readonly user: User | null; readonly recovery: LedTo } | RequestRefused;

export interface RequestOptions {
  /** Where the person goes afterwards; checked against the tenant's pattern. */
  readonly callback?: string | undefined;
  /** Of the person who asks, for the mail; absent where somebody asks in their stead. */
  readonly clientAddress?: string | undefined;
  /** Of a caller with credentials, whom `[identity_mgt.recovery] notify_…` may tell why there is no link; a stranger is never told. */
  readonly mayBeTold?: boolean;
  /** `code`: one to type, for whoever asks for it by what it belongs to, as long as codes are taken; default: the key of a link. */
  readonly secretKind?: SecretKind;
}

/** Said at every door that hands keys over. */
export interface HandedOver {
  /** Asked for by a recovery client, to whom an account that has a role is one that nobody has. */
  readonly byClient: boolean;
}

/** Somebody wants another password, be it the person or a caller in their stead. */
const requested = 'NOTIFICATION_BASED_PW_RECOVERY' satisfies RecoveryScenario;

/** Each round is lost to somebody else: to another request for the same person, or to a change of the account. */
const mostRounds = 20;
const outrun = `no key could be issued: ${mostRounds} times something else came first`;

/** A key to another password, by mail or by a caller's hand. */
export class PasswordRecovery {
  constructor(private readonly parts: PasswordRecoveryParts) {}

  /**
   * Issues a key and the event that mails it; within the cooldown the mail of a moment ago is the answer, whatever is in it: one request or
   * fifty, one mail, and no stranger's request ends it. A live key that is not older than the tolerance is mailed once more. While no code
   * would be taken, there is a link in its place. Costs the same for a name that nobody has.
   */
  async request(whom: Whom, { callback, clientAddress, mayBeTold = false, secretKind: wanted = 'key' }: RequestOptions = {}): Promise<RequestOutcome> {
    const permitted = await this.permitted(whom.tenantDomain, { callback, mailed: wanted });
    if (permitted.kind === 'refused') return permitted;
    const asked = await this.ask(whom, obstacleOf);
    const told = mayBeTold && this.toldOf(asked);
    if (told) return told;
    const { state } = asked.moment;
    const secretKind = state?.guessable === false ? 'key' : wanted;
    if (state?.cooling || (state?.tolerated && state.secretKind === secretKind && (await this.mailAgain(asked, 'passwordreset', permitted.settings, clientAddress)))) return accepted(asked);
    return this.issueByMail(whom, asked, permitted.settings, { callback, clientAddress, secretKind });
  }

  /** Issues a key for a caller who brings it to the person: without an address nobody's mail is needed. Of a name that nobody has the key fits nothing. */
  async handOver(whom: Whom, options: RequestOptions & HandedOver): Promise<HandOverOutcome> {
    const permitted = await this.permitted(whom.tenantDomain, { callback: options.callback });
    if (permitted.kind === 'refused') return permitted;
    return this.issueToCaller(whom, barTo, requested, permitted.settings.linkValidityMinutes, options);
  }

  /** The same for a person whose password an administrator wants reset, whether or not people may ask for a key; of anybody else the key fits nothing. */
  async handOverForced(name: UserName, options: HandedOver): Promise<HandOverOutcome> {
    const { validityMinutes } = await this.parts.settings.adminForcedPasswordReset(name.tenantDomain);
    return this.issueToCaller(name, barToForced, 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK', validityMinutes, options);
  }

  /** Mails the live key once more, whichever it is; with none, or no resends left, does nothing and says the same. */
  async resend(name: UserName): Promise<RequestOutcome> {
    const permitted = await this.permitted(name.tenantDomain, { mailed: 'key' });
    if (permitted.kind === 'refused') return permitted;
    const asked = await this.ask(name, obstacleOf);
    await this.mailAgain(asked, 'resendPasswordReset', permitted.settings);
    return accepted(asked);
  }

  /** The same of one recovery alone: where another has replaced it, nothing is mailed, and nothing is live of it. @param mailed what it mails */
  async resendOf(whom: Whom, held: HeldRecovery | null, mailed: SecretKind): Promise<RequestOutcome> {
    const permitted = await this.permitted(whom.tenantDomain, { mailed });
    if (permitted.kind === 'refused') return permitted;
    const asked = await this.ask(whom, obstacleOf);
    if (held?.recoveryId !== asked.moment.state?.recoveryId) return { kind: 'accepted', recovery: null };
    await this.mailAgain(asked, 'resendPasswordReset', permitted.settings);
    return accepted(asked);
  }

  /** The same for a person whose password an administrator wants reset: that mail does not depend on whether people may ask for one. */
  async resendForced(name: UserName, scenario: RecoveryScenario): Promise<RequestOutcome> {
    const asked = await this.ask(name, obstacleToForced);
    const settings = await this.parts.settings.accountRecovery(name.tenantDomain);
    if (asked.moment.state?.scenario === scenario) await this.mailAgain(asked, 'resendAdminForcedPasswordReset', settings);
    return accepted(asked);
  }

  /** "Send again" to whoever is to set the first password: the live key once more, or a new one where it has died meanwhile, be it that the address was changed. */
  async resendInvitation(name: UserName): Promise<RequestOutcome> {
    const { database, sealer, settings, events, limits } = this.parts;
    const asked = await this.ask(name, obstacleToFirst);
    const { account, subject, moment } = asked;
    const [{ askPasswordMinutes }, recoverySettings] = await Promise.all([settings.userEmailVerification(name.tenantDomain), settings.accountRecovery(name.tenantDomain)]);
    if (moment.state?.live) {
      if (moment.state.scenario === 'ASK_PASSWORD') await this.mailAgain(asked, 'resendAskPassword', recoverySettings);
      return accepted(asked);
    }
    const { issued } = nextKey(sealer, moment, 'ASK_PASSWORD', askPasswordMinutes);
    const event = events.passwordRecoveryRequested(account, { ...issued, now: issued.issuedAt, templateType: 'resendAskPassword' });
    if (await issueKey(database, subject, issued, event, limits().mailsPerAccountPerHour)) this.mailed(asked);
    return accepted(asked);
  }

  /**
   * The recovery whose code an administrator's reset has mailed, as long as that is live: nobody has asked for it, so that no other step knows it. For everybody
   * else one that there is not: to guess at its code costs the same.
   */
  async forcedCode(whom: Whom): Promise<LedTo> {
    const asked = await this.ask(whom, obstacleToForced);
    const live = asked.moment.state?.scenario === 'ADMIN_FORCED_PASSWORD_RESET_VIA_OTP' ? accepted(asked).recovery : null;
    return live ?? { userId: asked.subject.userId, recoveryId: randomUUID(), isNew: false };
  }

  /** "Send again", as a person means it: the live key once more, or a new one where it has died meanwhile; a code that was mailed a moment ago stays. */
  async sendAgain(name: UserName, clientAddress?: string): Promise<RequestOutcome> {
    const permitted = await this.permitted(name.tenantDomain, { mailed: 'key' });
    if (permitted.kind === 'refused') return permitted;
    const asked = await this.ask(name, obstacleOf);
    const { state } = asked.moment;
    if (state?.live && state.secretKind === 'key') await this.mailAgain(asked, 'resendPasswordReset', permitted.settings, clientAddress);
    else if (!state?.cooling) return this.issueByMail(name, asked, permitted.settings, { clientAddress, secretKind: 'key' });
    return accepted(asked);
  }

  /**
   * What configuration says, before anyone has been looked up.
   * @param asked.mailed what a mail would have in it; without it none is sent
   */
  async permitted(tenantDomain: string, { callback, mailed }: { readonly callback?: string | undefined; readonly mailed?: SecretKind | undefined }): Promise<NotPermitted | { readonly kind: 'permitted'; readonly settings: AccountRecoverySettings }> {
    const settings = await this.parts.settings.accountRecovery(tenantDomain);
    if (!settings.notificationBasedPasswordRecovery || (mailed === 'key' && !settings.linkByEmail)) return { kind: 'refused', code: '20017' };
    if (callback !== undefined && !matchesInTime(settings.callbackPattern, callback)) return { kind: 'refused', code: '20044' };
    return { kind: 'permitted', settings };
  }

  private async ask(whom: Whom, obstacleTo: (account: Account) => Obstacle | null | Promise<Obstacle | null>): Promise<Asked> {
    return askFor(this.parts, whom, 'password', obstacleTo);
  }

  private async issueToCaller(whom: Whom, barOf: (account: Account) => Obstacle | null, scenario: RecoveryScenario, validityMinutes: number, { mayBeTold = false, byClient }: RequestOptions & HandedOver): Promise<HandOverOutcome> {
    const obstacleTo = async (account: Account) => {
      const isShielded = (await this.parts.roles.of(account.user.id)).size > 0 && byClient;
      return isShielded ? 'no-such-user' : barOf(account);
    };
    for (let round = 0; round < mostRounds; round++) {
      const asked = await this.ask(whom, obstacleTo);
      const told = mayBeTold && this.toldOf(asked);
      if (told) return told;
      const { key, issued } = nextKey(this.parts.sealer, asked.moment, scenario, validityMinutes);
      if (await issueKey(this.parts.database, asked.subject, issued, null, null)) return { kind: 'issued', key, user: asked.subject.decoy ? null : asked.account.user, recovery: recoveryOf(asked, issued) };
    }
    throw new Error(outrun);
  }

  /**
   * Of two at once one wins; the other's person gets the winner's mail. An account that was changed meanwhile is looked at again.
   * Whoever has had enough mails for an hour gets none, and the newest link still works.
   */
  private async issueByMail(whom: Whom, first: Asked, settings: AccountRecoverySettings, { callback, clientAddress, secretKind }: Pick<RequestOptions, 'callback' | 'clientAddress'> & { readonly secretKind: SecretKind }): Promise<Accepted> {
    const { database, events, limits } = this.parts;
    let asked = first;
    for (let round = 0; round < mostRounds; round++) {
      const { mailsPerAccountPerHour } = limits();
      if (mailsPerAccountPerHour !== null && (asked.moment.state?.mails ?? 0) >= mailsPerAccountPerHour) return accepted(asked);
      const issued = { ...this.next(secretKind, asked.moment, settings), callback: callback ?? null };
      const event = events.passwordRecoveryRequested(asked.account, { ...issued, now: issued.issuedAt, templateType: 'passwordreset', clientAddress });
      crashPoint('K1');
      crashPointIn(0, 'K2');
      if (await issueKey(database, asked.subject, issued, event, mailsPerAccountPerHour)) {
        crashPoint('K3');
        this.mailed(asked);
        return { kind: 'accepted', recovery: recoveryOf(asked, issued) };
      }
      asked = await this.ask(whom, obstacleOf);
      const { state } = asked.moment;
      if (state?.cooling || (state?.live && state.secretKind === secretKind)) return accepted(asked);
    }
    throw new Error(outrun);
  }

  private next(secretKind: SecretKind, moment: RecoveryMoment, settings: AccountRecoverySettings): IssuedKey {
    const { sealer, oneTimeCodes } = this.parts;
    if (secretKind === 'key') return nextKey(sealer, moment, requested, settings.linkValidityMinutes).issued;
    return nextCode(sealer, moment, requested, settings.linkValidityMinutes, newOneTimeCode(settings), (recoveryId, code) => oneTimeCodes.hashOf(recoveryId, code));
  }

  /** @returns whether there was a live key to mail once more, and mails left */
  private async mailAgain(asked: Asked, templateType: Exclude<PasswordMail, 'adminforcedpasswordreset' | 'askPassword'>, { maxResendAttempts }: AccountRecoverySettings, clientAddress?: string): Promise<boolean> {
    const { account, subject, moment: { now, state } } = asked;
    if (!state?.live) return false;
    const event = this.parts.events.passwordRecoveryRequested(account, { ...state, now, templateType, clientAddress });
    const isCounted = await countResend(this.parts.database, subject, state.recoveryId, { ...this.parts.limits(), maxResendAttempts }, event);
    if (isCounted) this.mailed(asked);
    return isCounted;
  }

  private toldOf({ obstacle }: Asked): Told | null {
    const code = toldCode(obstacle, this.parts.tells());
    return code === null ? null : { kind: 'told', code };
  }

  /** Tells an operator once, and of made-up names too, that no more mails come: those who ask are not told. */
  private mailed({ subject: { userId }, moment: { state } }: Asked): void {
    const { limits, wakeRelay, log } = this.parts;
    wakeRelay();
    if ((state?.mails ?? 0) + 1 === limits().mailsPerAccountPerHour) log.warn({ userId }, 'that was the last recovery mail to this account within an hour ([rate_limit] mails_per_account_per_hour)');
  }
}

/** What was live already is the answer. */
function accepted({ subject, moment: { state } }: Asked): Accepted {
  return { kind: 'accepted', recovery: state?.live ? { userId: subject.userId, recoveryId: state.recoveryId, isNew: false } : null };
}

function recoveryOf({ subject: { userId } }: Asked, { recoveryId }: IssuedKey): LedTo {
  return { userId, recoveryId, isNew: true };
}
