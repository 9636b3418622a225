import type { DeploymentConfig } from './deployment-config.ts';
import type { DeploymentToml } from './schema.ts';

const thisMachine = ['localhost', '127.0.0.1', '::1'];

/** What is allowed, and weaker than Rekey's defaults: told loudly, one line each. */
export function dangersOf({ email, kafka, listeners, passwordPolicy, rateLimit }: DeploymentConfig, { output_adapter: adapter }: DeploymentToml): string[] {
  const meant = [...thisMachine, ...(adapter.email?.hosts_without_tls ?? [])];
  const dangers: [boolean, string][] = [
    [email !== null && !email.enableStartTls && !meant.includes(email.host), `output_adapter.email.enable_start_tls is false: mails, and the recovery links in them, go to ${email?.host ?? ''} in the clear`],
    [kafka !== null && kafka.sasl !== null && !kafka.ssl, 'kafka.ssl is false: the password of [kafka.sasl] goes to the brokers in the clear'],
    [!listeners.identity_mgt.enable && !listeners.governance_identity_mgt.enable, 'event.default_listener: neither identity_mgt nor governance_identity_mgt is on: no account is locked, and no password is held against the policy'],
    [!passwordPolicy.enable, 'identity_mgt.password_policy.enable is false: any password is taken'],
    [passwordPolicy.enable && !passwordPolicy.breachedList, 'identity_mgt.password_policy.breached_list is false: passwords that are known from breaches are taken'],
    [!rateLimit.enable, 'rate_limit.enable is false: nothing holds up whoever tries passwords or asks for mails without end'],
  ];
  return dangers.filter(([isSo]) => isSo).map(([, line]) => line);
}
