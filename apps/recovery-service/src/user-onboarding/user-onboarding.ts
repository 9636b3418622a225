import type { SecretSealer } from '@rekey/events';
import { isDisabled, unverified, withoutPassword, type AddOutcome, type ConnectorSettings, type UserManager } from '@rekey/governance';
import type { Claims, UserName } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import { addressOf, type Account } from '../recovery/account.ts';
import { issueHeldKey } from '../recovery/held-key.ts';
import { nextKey } from '../recovery/next-key.ts';
import type { RecoveryEvents } from '../recovery/recovery-events.ts';
import type { SelfRegistration } from '../self-registration/self-registration.ts';

export interface UserOnboardingParts {
  readonly users: UserManager;
  readonly settings: ConnectorSettings;
  readonly sealer: SecretSealer;
  readonly events: RecoveryEvents;
  readonly selfRegistration: SelfRegistration;
  /** Called after a commit that wrote an event. */
  readonly wakeRelay: () => void;
}

/** What the person does first, by the link of a mail; until then nobody signs in. Whoever sets the password has proved the address, too. */
export type FirstStep = 'verify-email' | 'set-password';

export type OnboardingOutcome =
  | AddOutcome
  /** By the tenant's settings: without the mail the account would be shut for good. */
  | { readonly kind: 'not-enabled' }
  | { readonly kind: 'no-address' };

/** Accounts that administrators make, and whose owners open them. Account and mail are one transaction, as with a registration. */
export class UserOnboarding {
  constructor(private readonly parts: UserOnboardingParts) {}

  /** @param password null for none; of no account whose owner is to set it, as in WSO2 */
  async addUser(name: UserName, password: string | null, claims: Claims, firstStep: FirstStep): Promise<OnboardingOutcome> {
    const { users, settings, selfRegistration, wakeRelay } = this.parts;
    const { enable, verificationMinutes, askPasswordMinutes } = await settings.userEmailVerification(name.tenantDomain);
    if (!enable) return { kind: 'not-enabled' };
    const address = addressOf({ claims });
    if (address === null) return { kind: 'no-address' };
    // No link opens a disabled account: the mail goes once somebody asks for it again.
    const mailing = (mail: (tx: SqlExecutor, account: Account) => Promise<void>) => (isDisabled(claims) ? undefined : async (tx: SqlExecutor, user: Account['user']) => mail(tx, { user, claims }));
    const outcome = firstStep === 'set-password'
      ? await users.addUser(name, null, { ...claims, ...withoutPassword }, mailing((tx, account) => this.askForPassword(tx, account, askPasswordMinutes)))
      : await users.addUser(name, password, { ...claims, ...unverified }, mailing((tx, account) => selfRegistration.askToConfirm(tx, account, address, { verificationMinutes, templateType: 'emailconfirm' })));
    if (outcome.kind === 'added') wakeRelay();
    return outcome;
  }

  private async askForPassword(tx: SqlExecutor, account: Account, validityMinutes: number): Promise<void> {
    const { sealer, events } = this.parts;
    await issueHeldKey(tx, account.user.id, 'password', (moment) => nextKey(sealer, moment, 'ASK_PASSWORD', validityMinutes).issued, (issued) => events.passwordRecoveryRequested(account, { ...issued, now: issued.issuedAt, templateType: 'askPassword' }));
  }
}
