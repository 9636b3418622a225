import { faultOf, load } from './testing/deployment-texts.ts';

describe('the environment, references and secrets', () => {
  it('fill any part of any text', () => {
    const { config } = load(
      '[server]\nhostname = "$env{HOST}.example.com"\nbase_path = "https://$ref{server.hostname}/$ref{super_admin.username}"\noffset = "$env{OFFSET}"\n[super_admin]\nusername = "root"\npassword = "$secret{admin}"\n[secrets]\nadmin = "$env{ADMIN}"\n[kafka]\nbrokers = ["$env{HOST}:9092"]',
      { HOST: 'id', OFFSET: '4', ADMIN: 'correct-horse' },
    );
    expect(config.server).toMatchObject({ hostname: 'id.example.com', baseUrl: 'https://id.example.com/root', offset: 4 });
    expect(config.superAdmin.password).toBe('correct-horse');
    expect(config.kafka?.brokers).toEqual(['id:9092']);
  });

  it('are not read again in what they filled in', () => {
    expect(load('[super_admin]\npassword = "$env{PASSWORD}"', { PASSWORD: '$ref{super_admin.username}$&' }).config.superAdmin.password).toBe('$ref{super_admin.username}$&');
  });

  it('may lead to numbers and booleans', () => {
    const { config } = load('[server]\noffset = 5\n[identity_mgt.password_policy]\nenable = false\n[delivery]\nconcurrency = "$ref{server.offset}"\n[identity_mgt.password_reset_email]\nnotify_on_reset = "$ref{identity_mgt.password_policy.enable}"');
    expect(config.delivery.concurrency).toBe(5);
    expect(config.passwordRecovery.notifyOnReset).toBe(false);
  });

  it('may lead to a key that only WSO2 uses', () => {
    expect(load('[identity_mgt]\ndefault_mail_validity_period = "90m"\n[identity_mgt.password_reset_email]\nreset_mail_validity = "$ref{identity_mgt.default_mail_validity_period}"').config.passwordRecovery.linkValidityMinutes).toBe(90);
  });

  it('lead to what counts: a layer above or beneath, or a default', () => {
    const concurrency = (...layers: string[]) => load(layers).config.delivery.concurrency;
    expect(concurrency('[delivery]\nconcurrency = "$ref{database.identity_db.pool_size}"')).toBe(10);
    expect(load('[server]\nbase_path = "https://$ref{server.hostname}:844$ref{server.offset}"').config.server.baseUrl).toBe('https://localhost:8440');
    const beneath = '[server]\noffset = 7\n[delivery]\nconcurrency = "$ref{server.offset}"';
    expect(concurrency('[delivery]\nconcurrency = "$ref{server.offset}"', '[server]\noffset = 7')).toBe(7);
    expect(concurrency('[server]\noffset = 3', beneath)).toBe(3);
    expect(concurrency('', beneath)).toBe(7);
    expect(concurrency('[secrets]\nmany = "8"', '[delivery]\nconcurrency = "$secret{many}"')).toBe(8);
  });

  it.each([
    ['[super_admin]\npassword = "$env{NOWHERE}"', 'deployment.toml:2:1: super_admin.password: the environment variable NOWHERE is not set'],
    ['[super_admin]\npassword = "$env{constructor}"', 'deployment.toml:2:1: super_admin.password: the environment variable constructor is not set'],
    ['[super_admin]\npassword = "$ref{no.such}"', 'deployment.toml:2:1: super_admin.password: there is no key no.such'],
    ['[super_admin]\npassword = "$ref{super_admin}"', 'deployment.toml:2:1: super_admin.password: $ref{super_admin} does not lead to a single value'],
    ['[super_admin]\npassword = "$secret{admin}"', 'deployment.toml:2:1: super_admin.password: there is no admin in [secrets]'],
    ['[kafka]\nbrokers = ["a:1", "$env{NOWHERE}"]', 'deployment.toml:2:1: kafka.brokers[1]: the environment variable NOWHERE is not set'],
    ['[super_admin]\nusername = "$ref{super_admin.username}"', 'deployment.toml:2:1: super_admin.username: $ref{super_admin.username} → $ref{super_admin.username} leads in a circle'],
    ['[super_admin]\nusername = "$ref{super_admin.password}"\npassword = "$ref{super_admin.username}"', 'deployment.toml:2:1: super_admin.username: $ref{super_admin.password} → $ref{super_admin.username} → $ref{super_admin.password} leads in a circle'],
    ['[secrets]\na = "$secret{a}"', 'deployment.toml:2:1: secrets.a: $secret{a} → $secret{a} leads in a circle'],
  ])('are refused where they lead nowhere: %j', (toml, message) => {
    expect(faultOf(toml)).toBe(message);
  });

  it('are followed eight deep and no deeper, so that no text can grow without bound', () => {
    const chain = (length: number) => `[super_admin]\nusername = "$secret{s0}"\n[secrets]\n${Array.from({ length }, (_, index) => `s${index} = "${index === length - 1 ? 'end' : `$secret{s${index + 1}}`}"`).join('\n')}`;
    expect(load(chain(8)).config.superAdmin.username).toBe('end');
    expect(faultOf(chain(9))).toMatch(/\$secret\{s8\} is reached over more than 8 references$/);
  });
});
