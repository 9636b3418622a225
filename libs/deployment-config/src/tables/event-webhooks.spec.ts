import { faultOf, load } from '../testing/deployment-texts.ts';

const webhook = (more: string) => `[[event_webhook]]\n${more}`;

describe('a webhook', () => {
  it('is told of everything, under the name of its host', () => {
    expect(load(webhook('url = "https://Portal.example.com/rekey?of=1"')).config.webhooks).toEqual([
      { name: 'portal.example.com', url: 'https://portal.example.com/rekey?of=1', events: ['NotificationSent', 'NotificationFailed', 'NotificationExpired', 'NotificationSuperseded'], enable: true, allowPrivate: false },
    ]);
  });

  it('may want less, and lie in the own network', () => {
    const toml = webhook('name = "portal"\nurl = "https://portal.internal/"\nevents = ["NotificationFailed"]\ntenants = ["acme.example"]\nsources = ["urn:example:portal"]\nenable = "false"\nallow_private = true');
    expect(load(toml).config.webhooks).toEqual([{ name: 'portal', url: 'https://portal.internal/', events: ['NotificationFailed'], tenants: ['acme.example'], sources: ['urn:example:portal'], enable: false, allowPrivate: true }]);
  });

  it.each(['http://localhost:8080/hook', 'http://127.0.0.1/', 'http://[::1]:1/'])('may be asked in the clear on this machine alone: %s', (url) => {
    expect(load(webhook(`url = "${url}"`)).config.webhooks[0]?.url).toBe(url);
  });

  const https = 'event_webhook[0].url: expected an https URL (plain http only on loopback) without user and fragment, got a text';

  it.each([
    ['url = "http://portal.example.com/topsecret"', https],
    ['url = "https://kim:topsecret@portal.example.com/"', https],
    ['url = "https://topsecret@portal.example.com/"', https],
    ['url = "https://portal.example.com/#topsecret"', https],
    ['url = "ftp://portal.example.com/topsecret"', https],
    ['url = "https://a.test/"\nevents = ["NotificationDelivered"]', 'event_webhook[0].events[0]: expected "NotificationSent", "NotificationFailed", "NotificationExpired" or "NotificationSuperseded"'],
    ['url = "https://a.test/"\nevents = []', 'event_webhook[0].events: expected at least one event type'],
    ['url = "https://a.test/"\nname = "a b"', 'event_webhook[0].name: expected a name of letters'],
    ['url = "https://a.test/"\nenabled = false', 'event_webhook[0].enabled: there is no such key; did you mean event_webhook[0].enable?'],
    ['url = "https://a.test/1"\n[[event_webhook]]\nurl = "https://a.test/2"', 'event_webhook[1].url: another webhook is called "a.test" already: give each a name of its own'],
    ['name = "a"\nurl = "https://a.test/1"\n[[event_webhook]]\nurl = "https://b.test/2"\nname = "a"', 'event_webhook[1].name: another webhook is called "a" already: give each a name of its own'],
  ])('is refused, and shows no URL, where it says %j', (toml, message) => {
    const fault = faultOf(webhook(toml));
    expect(fault).toContain(message);
    expect(fault).not.toContain('topsecret');
  });

  it('has a URL that config show tells nobody', () => {
    const shown = load(webhook('url = "https://portal.example.com/topsecret"')).effective().filter(({ path }) => path.at(-1) === 'url');
    expect(shown.map(({ value }) => value)).toEqual(['"********"']);
  });
});
