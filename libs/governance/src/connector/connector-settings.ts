import type { SqlExecutor } from '@rekey/messaging';
import { accountDisable } from './account-disable.connector.ts';
import { accountLock } from './account-lock.connector.ts';
import { accountRecovery } from './account-recovery.connector.ts';
import { adminForcedPasswordReset } from './admin-forced-password-reset.connector.ts';
import type { Connector, SettingsOf } from './connector.ts';
import { passwordHistory } from './password-history.connector.ts';
import { passwordPolicy } from './password-policy.connector.ts';
import type { ConnectorDefaults } from './property.ts';
import { selfSignUp } from './self-sign-up.connector.ts';
import { storedIn, type StoredSettings } from './stored-settings.ts';
import { userClaimUpdate } from './user-claim-update.connector.ts';
import { userEmailVerification } from './user-email-verification.connector.ts';

export type AccountRecoverySettings = SettingsOf<typeof accountRecovery>;
export type SelfSignUpSettings = SettingsOf<typeof selfSignUp>;

/** The settings that count for a tenant now: what its administrators have set, and else what `deployment.toml` says. */
export class ConnectorSettings {
  /** @param config asked each time: it follows `deployment.toml` */
  constructor(
    private readonly stored: Pick<StoredSettings, 'of'>,
    private readonly config: () => ConnectorDefaults,
  ) {}

  /** For work within a transaction: read through it, as one that waits for another connection may wait for itself. */
  within(tx: SqlExecutor): ConnectorSettings {
    return new ConnectorSettings({ of: (tenantDomain) => storedIn(tx, tenantDomain) }, this.config);
  }

  async accountRecovery(tenantDomain: string): Promise<AccountRecoverySettings> {
    return this.read(accountRecovery, tenantDomain);
  }

  async adminForcedPasswordReset(tenantDomain: string): Promise<SettingsOf<typeof adminForcedPasswordReset>> {
    return this.read(adminForcedPasswordReset, tenantDomain);
  }

  async accountLock(tenantDomain: string): Promise<SettingsOf<typeof accountLock>> {
    return this.read(accountLock, tenantDomain);
  }

  async accountDisable(tenantDomain: string): Promise<SettingsOf<typeof accountDisable>> {
    return this.read(accountDisable, tenantDomain);
  }

  async passwordPolicy(tenantDomain: string): Promise<SettingsOf<typeof passwordPolicy>> {
    return this.read(passwordPolicy, tenantDomain);
  }

  async passwordHistory(tenantDomain: string): Promise<SettingsOf<typeof passwordHistory>> {
    return this.read(passwordHistory, tenantDomain);
  }

  async selfSignUp(tenantDomain: string): Promise<SelfSignUpSettings> {
    return this.read(selfSignUp, tenantDomain);
  }

  async userClaimUpdate(tenantDomain: string): Promise<SettingsOf<typeof userClaimUpdate>> {
    return this.read(userClaimUpdate, tenantDomain);
  }

  async userEmailVerification(tenantDomain: string): Promise<SettingsOf<typeof userEmailVerification>> {
    return this.read(userEmailVerification, tenantDomain);
  }

  private async read<Settings>(connector: Connector<Settings>, tenantDomain: string): Promise<Settings> {
    return connector.settings(await this.stored.of(tenantDomain), this.config());
  }
}
