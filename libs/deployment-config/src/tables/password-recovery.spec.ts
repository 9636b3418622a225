import { faultOf, load } from '../testing/deployment-texts.ts';

describe('what callers of the recovery API are told of an account that gets no mail', () => {
  const all = 'notify_user_existence = true\nnotify_recovery_email_existence = "true"\nnotify_user_account_status = true';

  it('is what each flag says, with a warning', () => {
    const { config, warnings } = load(`[identity_mgt.recovery]\n${all}`);
    expect(config.passwordRecovery.tells).toEqual({ existence: true, address: true, status: true });
    expect(warnings).toEqual([expect.stringContaining('a portal may tell strangers')]);
  });

  it('is nothing where hide_user_existence says so', () => {
    const { config, warnings } = load(`[identity_mgt.recovery]\n${all}\nhide_user_existence = true`);
    expect(config.passwordRecovery.tells).toEqual({ existence: false, address: false, status: false });
    expect(warnings).toEqual([]);
  });
});

describe('settings of recovery that contradict each other', () => {
  it.each([
    ['[identity_mgt.password_reset_email]\nconfirmation_code_tolerance_period = 60', 'deployment.toml:2:1: identity_mgt.password_reset_email.confirmation_code_tolerance_period: expected less than reset_mail_validity (60 minutes), got 60'],
    ['[identity_mgt.password_reset_email.otp]\nuse_uppercase_in_otp = false\nuse_lowercase_in_otp = false\nuse_numeric_in_otp = "false"', 'deployment.toml:1:1: identity_mgt.password_reset_email.otp: leaves a code no characters'],
  ])('are refused: %j', (toml, fault) => {
    expect(faultOf(toml)).toContain(fault);
  });
});
