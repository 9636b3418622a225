import { aKey, faultOf } from '../testing/deployment-texts.ts';

const secret = 'correct-horse-battery-staple';

describe('a secret in the file', () => {
  it.each([
    ['[super_admin]\npassword = 4815162342', '4815162342'],
    ['[super_admin]\npassword = ["correct-horse-battery-staple"]', secret],
    ['[super_admin]\npassword = { plain = "correct-horse-battery-staple" }', secret],
    ['[secrets]\nmail = [ "correct-horse-battery-staple" ]', secret],
    ['[database.identity_db]\nname = "a"\nusername = "b"\npassword = 4815162342', '4815162342'],
    ['[output_adapter.email]\nhostname = "a"\nfrom_address = "a@b.test"\npassword = 4815162342', '4815162342'],
    ['[kafka]\nbrokers = ["a:1"]\nsasl = { mechanism = "plain", username = "a", password = 4815162342 }', '4815162342'],
    ['[kafka]\nbrokers = ["a:1"]\nsasl = { mechanism = "correct-horse-battery-staple", username = "a", password = "b" }', secret],
    ['[output_adapter]\nemail = "smtp://me:correct-horse-battery-staple@relay"', secret],
    ['database.identity_db = "postgres://me:correct-horse-battery-staple@host/db"', secret],
    ['[keys.signing]\nprivate_key = "correct-horse-battery-staple"', secret],
    ['[keys.sealing]\nprivate_keys = ["correct-horse-battery-staple"]', secret],
    ['[keys.sealing]\nprivate_keys = "correct-horse-battery-staple"', secret],
    ['[[event_publisher]]\nsource = "a"\npublic_key = "correct-horse-battery-staple"', secret],
  ])('is not shown when it is refused: %j', (toml, hidden) => {
    const message = faultOf(toml);
    expect(message).toMatch(/^deployment\.toml:\d+:\d+: [a-z_.0-9[\]]+: expected .+, got a /);
    expect(message).not.toContain(hidden);
  });

  it.each(['server.offset', 'server.hostname', 'server.base_path', 'delivery.default_locale', 'identity_mgt.recovery.callback_url', 'identity_mgt.password_reset_email.reset_mail_validity', 'event.default_listener.identity_mgt.enable'])(
    'is not shown when it was put into %s by mistake: the text is told as it is written',
    (key) => {
      const message = faultOf(`${key} = "$env{MAIL_PASSWORD}"`, { MAIL_PASSWORD: `(${secret} ` });
      expect(message).toMatch(/got "\$env\{MAIL_PASSWORD\}"$/);
      expect(message).not.toContain(secret);
      const referring = faultOf(`${key} = "$secret{mail}"\n[secrets]\nmail = "(${secret} "`);
      expect(referring).toMatch(/got "\$secret\{mail\}"$/);
      expect(referring).not.toContain(secret);
    },
  );
});

describe('a password in an address', () => {
  it.each([
    'server.base_path = "https://user:topsecret@id.example.com"',
    'server.base_path = "user:topsecret@id.example.com"',
    'kafka.brokers = ["user:topsecret@kafka.example.com:9092"]',
    `[[event_publisher]]\nsource = "a"\npublic_key = '${aKey('ed25519').publicKey}'\nlink_bases = ["https://user:topsecret@id.example.com"]`,
  ])('is not shown when it is refused: %s', (toml) => {
    expect(faultOf(toml)).toMatch(/: expected .+, got a text$/);
    expect(faultOf(toml)).not.toContain('topsecret');
  });
});
