import type { ConnectorSettings } from '@rekey/governance';
import type { SqlExecutor } from '@rekey/messaging';
import type { CaptchaChallenge, CaptchaPurpose, CaptchaScope, CaptchaVerifier } from './captcha-verifier.ts';

export type Admission = { readonly kind: 'admitted' } | { readonly kind: 'unsolved'; readonly challenge: CaptchaChallenge | null };

const switches: Readonly<Record<CaptchaPurpose, (settings: ConnectorSettings, tenantDomain: string) => Promise<boolean>>> = {
  'password-recovery': async (settings, tenantDomain) => (await settings.accountRecovery(tenantDomain)).passwordRecaptcha,
  'username-recovery': async (settings, tenantDomain) => (await settings.accountRecovery(tenantDomain)).usernameRecaptcha,
  'confirmation-resend': async (settings, tenantDomain) => (await settings.selfSignUp(tenantDomain)).resendRecaptcha,
};

/** What stands before the doors that strangers reach, where a tenant wants it there. */
export class Captcha {
  constructor(
    private readonly database: SqlExecutor,
    private readonly settings: ConnectorSettings,
    readonly verifier: CaptchaVerifier,
  ) {}

  async isDemanded(tenantDomain: string, purpose: CaptchaPurpose): Promise<boolean> {
    return switches[purpose](this.settings, tenantDomain);
  }

  /** To be asked before anybody is looked up: whoever has solved nothing gets a challenge, and learns of nobody. */
  async admit(token: string | undefined, scope: CaptchaScope & { readonly purpose: CaptchaPurpose }, clientAddress: string): Promise<Admission> {
    if (!(await this.isDemanded(scope.tenantDomain, scope.purpose))) return { kind: 'admitted' };
    if (token !== undefined && (await this.spend(token, scope, clientAddress))) return { kind: 'admitted' };
    return { kind: 'unsolved', challenge: await this.verifier.challengeFor(scope) };
  }

  /** Whether the token solves what was asked, and does so for the first time: of racers on any number of instances one gets a yes. */
  async spend(token: string, scope: CaptchaScope, clientAddress?: string): Promise<boolean> {
    const id = await this.verifier.verify(token, scope, clientAddress);
    if (id === null) return false;
    const rows = await this.database.query(`INSERT INTO captcha_spent (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id`, [id]);
    return rows.length === 1;
  }

  /** No solution counts for longer than an hour, also where clocks differ. @returns whether there may be more of them */
  async prune(atOnce = 5_000): Promise<boolean> {
    const rows = await this.database.query(`DELETE FROM captcha_spent WHERE id IN (SELECT id FROM captcha_spent WHERE spent_at < now() - interval '1 day' LIMIT $1) RETURNING id`, [atOnce]);
    return rows.length === atOnce;
  }
}
