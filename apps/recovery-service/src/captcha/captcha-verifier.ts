/** WSO2's, of which portals ask. */
export const recoveryTypes = ['password-recovery', 'username-recovery'] as const;
/** What a challenge is solved for. */
export type CaptchaPurpose = (typeof recoveryTypes)[number] | 'confirmation-resend';

export interface CaptchaScope {
  readonly tenantDomain: string;
  /** null: any, for a portal that has a solution checked and does not say of what. */
  readonly purpose: CaptchaPurpose | null;
}

/** What a page shows or solves; in JSON. */
export type CaptchaChallenge = Readonly<Record<string, unknown>>;

/** Tells those who took the trouble from programs that ask thousands of times. */
export interface CaptchaVerifier {
  /** What pages show it by, as WSO2 tells portals. */
  readonly widget: { readonly type: string; readonly key: string; readonly api: string };
  /** @returns null where pages get their challenges elsewhere */
  challengeFor(scope: CaptchaScope & { readonly purpose: CaptchaPurpose }): Promise<CaptchaChallenge | null>;
  /** @returns what must not be used again; null for what solves nothing, or something of another scope */
  verify(token: string, scope: CaptchaScope, clientAddress: string | undefined): Promise<string | null>;
}
