import type { DeploymentConfig } from './deployment-config.ts';
import { isChecked } from './enforcement.ts';
import { isLoopbackHost } from './loopback.ts';
import type { DeploymentToml } from './schema.ts';
import type { MailTls } from './tables/email.ts';

/** What is allowed, and weaker than Rekey's defaults: told loudly, one line each. */
export function dangersOf(config: DeploymentConfig, { output_adapter: adapter }: DeploymentToml): string[] {
  const { email, kafka, listeners, passwordPolicy, passwordRecovery: { tells }, rateLimit } = config;
  const clearOnPurpose = adapter.email?.hosts_without_tls ?? [];
  const hasManager = listeners.identity_mgt.enable || listeners.governance_identity_mgt.enable;
  const dangers: [boolean, string][] = [
    ...(email?.relays ?? []).map(({ host, tls }): [boolean, string] => [mayBeReadOnTheWay(tls) && !isLoopbackHost(host) && !clearOnPurpose.includes(host), `output_adapter.email: TLS is ${tls === 'none' ? 'turned off' : 'not required'}: mails, and the recovery links in them, ${tls === 'none' ? 'go' : 'may go'} to ${host} in the clear`]),
    [kafka !== null && kafka.sasl !== null && !kafka.ssl, 'kafka.ssl is false: the password of [kafka.sasl] goes to the brokers in the clear'],
    [!hasManager, 'event.default_listener: neither identity_mgt nor governance_identity_mgt is on: no account is locked, and no password is held against the policy'],
    [hasManager && !isChecked('account.lock.handler', config), 'event_handler "account.lock.handler": enable is false: no account is locked, and locked ones are let in'],
    [hasManager && !isChecked('account.disable.handler', config), 'event_handler "account.disable.handler": enable is false: disabled accounts are let in'],
    [hasManager && passwordPolicy.enable && !isChecked('passwordPolicy', config), 'event_handler "passwordPolicy": enable is false: any password is taken'],
    [!passwordPolicy.enable, 'identity_mgt.password_policy.enable is false: any password is taken'],
    [passwordPolicy.enable && !passwordPolicy.breachedList, 'identity_mgt.password_policy.breached_list is false: passwords that are known from breaches are taken'],
    [tells.existence || tells.address || tells.status, 'identity_mgt.recovery.notify_…: callers of the recovery API are told whether an account exists, has an address or may sign in, and a portal may tell strangers'],
    [!rateLimit.enable, 'rate_limit.enable is false: nothing holds up whoever tries passwords or asks for mails without end'],
  ];
  return dangers.filter(([isSo]) => isSo).map(([, line]) => line);
}

function mayBeReadOnTheWay(tls: MailTls): boolean {
  return tls === 'none' || tls === 'opportunistic';
}
