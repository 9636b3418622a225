import { createHmac, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import { until } from '@rekey/test-kit';
import { BothServices, embeddedBus } from './testing/both-services.ts';

const secret = randomBytes(32).toString('hex');
const former = randomBytes(32).toString('hex');
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const webhook = (name: string, provider: string, ...secrets: readonly string[]) => `[[bounce_webhook]]\nname = "${name}"\nprovider = "${provider}"\nsecrets = ${JSON.stringify(secrets)}\n`;
const webhooks = webhook('own', 'generic', secret, former) + webhook('postmark', 'postmark', `rekey:${secret}`) + webhook('mailgun', 'mailgun', secret) + webhook('sendgrid', 'sendgrid', publicKey.export({ format: 'der', type: 'spki' }).toString('base64')) + webhook('ses', 'ses', `events:${secret}`);

let services: BothServices;
beforeAll(async () => (services = await BothServices.start(await embeddedBus(), webhooks)));
afterAll(() => services.stop());

interface Report {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const hmac = (text: string, key = secret) => createHmac('sha256', key).update(text).digest('hex');
const seconds = (minutes = 0) => String(Math.floor(Date.now() / 1_000) + 60 * minutes);
const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });

/** As each provider signs; what is told is `told`. */
function own(told: unknown, { minutes = 0, key = secret } = {}): Report {
  const [body, timestamp] = [JSON.stringify({ bounces: told }), seconds(minutes)];
  return { body, headers: { 'rekey-timestamp': timestamp, 'rekey-signature': hmac(`${timestamp}.${body}`, key) } };
}
const postmark = (told: object): Report => ({ body: JSON.stringify(told), headers: basic(`rekey:${secret}`) });
function mailgun(told: unknown, { minutes = 0, token = randomUUID(), key = secret } = {}): Report {
  const timestamp = seconds(minutes);
  return { body: JSON.stringify({ signature: { timestamp, token, signature: hmac(timestamp + token, key) }, 'event-data': told }) };
}
function sendgrid(told: unknown, { minutes = 0, key = privateKey } = {}): Report {
  const [body, timestamp] = [JSON.stringify(told), seconds(minutes)];
  const signature = sign('sha256', Buffer.from(timestamp + body), key).toString('base64');
  return { body, headers: { 'x-twilio-email-event-webhook-timestamp': timestamp, 'x-twilio-email-event-webhook-signature': signature } };
}

/** In EventBridge's envelope; the Message-ID is that of the mail as it was sent. */
function ses({ messageId }: { readonly messageId?: string }, told: object): Report {
  const mail = { timestamp: at, messageId: '0100018f-ses', destination: ['kim@example.com'], headersTruncated: false, commonHeaders: { from: ['help@example.com'], messageId } };
  return { body: JSON.stringify({ version: '0', id: randomUUID(), 'detail-type': 'Email Bounced', source: 'aws.ses', account: '123456789012', time: at, region: 'eu-central-1', resources: [], detail: { mail, ...told } }), headers: basic(`events:${secret}`) };
}

async function report(name: string, { body, headers = {} }: Report) {
  const answer = await fetch(`${services.url}/api/rekey/v1/bounce-webhooks/${name}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as { code: string; description: string }) };
}

interface Listed {
  readonly deliveries: readonly { readonly id: string }[];
}

/** Somebody who was mailed a link. */
async function mailed(username: string) {
  await services.aUser(username);
  await services.recover(username);
  const [mail] = await services.mailsTo(username, 1);
  const sent = async () => (await services.ask('GET', `/api/rekey/v1/deliveries?user=${username}&state=SENT`)).body as Listed;
  await until(async () => (await sent()).deliveries.length === 1);
  const [delivery] = (await sent()).deliveries;
  return { address: `${username}@example.com`, messageId: mail?.parsed.messageId ?? '', id: delivery?.id ?? '' };
}

const suppressed = '/api/rekey/v1/suppressed-addresses';
const onList = async (address: string, at = suppressed) => ((await services.ask('GET', `${at}?address=${address}`)).body as { addresses: { id: string; kind: string; reason: string; addedBy: string }[] }).addresses;
const bouncesOf = async (id: string) => ((await services.ask('GET', `/api/rekey/v1/deliveries/${id}`)).body as { bounces: unknown }).bounces;

type Mailed = Awaited<ReturnType<typeof mailed>>;
const at = '2026-11-25T10:00:00.000Z';
const then = Date.parse(at) / 1_000;
const reason = '550 5.1.1 no such user';
const failed = ({ messageId, address }: Mailed, more: object) => ({ event: 'failed', timestamp: then, recipient: address, message: { headers: { 'message-id': messageId.slice(1, -1) } }, 'delivery-status': { message: reason }, ...more });

const forms: readonly (readonly [string, Readonly<Record<'hard' | 'complaint' | 'soft', (mail: Mailed) => Report>>])[] = [
  ['own', {
    hard: ({ messageId }) => own([{ messageId, kind: 'hard', reason, at }]),
    complaint: ({ address }) => own([{ address, kind: 'complaint', reason, at }], { key: former }),
    soft: ({ messageId }) => own([{ messageId, kind: 'soft', reason, at }]),
  }],
  ['postmark', {
    hard: ({ address }) => postmark({ RecordType: 'Bounce', Type: 'HardBounce', Email: address, BouncedAt: '2026-11-25T05:00:00.0000000-05:00', Details: reason }),
    complaint: ({ address }) => postmark({ RecordType: 'SpamComplaint', Type: 'SpamComplaint', Email: address, BouncedAt: at, Details: reason }),
    soft: ({ address }) => postmark({ RecordType: 'Bounce', Type: 'SoftBounce', Email: address, BouncedAt: at, Details: reason }),
  }],
  ['mailgun', {
    hard: (mail) => mailgun(failed(mail, { severity: 'permanent', reason: 'bounce' })),
    complaint: (mail) => mailgun(failed(mail, { event: 'complained' })),
    soft: (mail) => mailgun(failed(mail, { severity: 'permanent', reason: 'old' })),
  }],
  ['sendgrid', {
    hard: ({ messageId, address }) => sendgrid([{ event: 'delivered', email: address, timestamp: then }, { event: 'bounce', type: 'bounce', email: address, timestamp: then, 'smtp-id': messageId, reason }]),
    complaint: ({ messageId, address }) => sendgrid([{ event: 'spamreport', email: address, timestamp: then, 'smtp-id': messageId, reason }]),
    soft: ({ messageId, address }) => sendgrid([{ event: 'bounce', type: 'blocked', email: address, timestamp: then, 'smtp-id': messageId, reason }]),
  }],
  ['ses', {
    hard: (mail) => ses(mail, { eventType: 'Bounce', bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [{ emailAddress: mail.address, action: 'failed', status: '5.1.1', diagnosticCode: reason }], timestamp: at, feedbackId: '0100' } }),
    complaint: (mail) => ses(mail, { eventType: 'Complaint', complaint: { complaintFeedbackType: reason, complainedRecipients: [{ emailAddress: mail.address }], timestamp: at } }),
    soft: ({ address }) => ses({}, { eventType: 'DeliveryDelay', deliveryDelay: { delayType: 'MailboxFull', delayedRecipients: [{ emailAddress: address, diagnosticCode: reason }], timestamp: at } }),
  }],
];

describe('a mail that came back', () => {
  it.each(forms)('as %s tells it, is noted at its delivery and suppresses its address where that is for good, of which whoever asks sees nothing', async (name, form) => {
    for (const kind of ['soft', 'hard', 'complaint'] as const) {
      const mail = await mailed(`${name}-${kind}`);
      expect(await report(name, form[kind](mail))).toEqual({ status: 200, body: null });
      const by = `bounce webhook ${name}`;
      expect(await bouncesOf(mail.id)).toEqual([{ at, kind, reason, by, reportedAt: expect.any(String) }]);
      expect(await onList(mail.address)).toEqual(kind === 'soft' ? [] : [expect.objectContaining({ kind, reason, addedBy: by })]);
    }
    expect(await services.resend(`${name}-hard`)).toBe(await services.resend(`${name}-soft`));
    await services.mailsTo(`${name}-soft`, 2);
    await until(async () => ((await services.ask('GET', `/api/rekey/v1/deliveries?user=${name}-hard&state=SUPPRESSED`)).body as Listed).deliveries.length === 1);
  });

  it('is told once, however often and by however many at once, so that who was taken off the list stays off it', async () => {
    const mail = await mailed('twice');
    const told = own([{ messageId: mail.messageId, kind: 'hard', reason }]);
    const answers = await Promise.all(Array.from({ length: 8 }, () => report('own', told)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const [entry] = await onList(mail.address);
    expect((await services.ask('DELETE', `${suppressed}/${entry?.id}`)).status).toBe(204);
    expect((await report('own', told)).status).toBe(200);
    expect(await onList(mail.address)).toEqual([]);
    expect(await bouncesOf(mail.id)).toHaveLength(1);
    expect((await report('own', own([{ messageId: mail.messageId, kind: 'hard', reason, at: new Date().toISOString() }]))).status).toBe(200);
    expect(await onList(mail.address)).toHaveLength(1);
    const audited = async () => (await services.databases[0].query(`SELECT 1 FROM audit_record WHERE operation = 'suppressAddress' AND claims @> $1::jsonb`, [JSON.stringify([entry?.id])])).length;
    await until(async () => (await audited()) === 2);
  });

  it('is no reason to give up an address that nobody has mailed, or that another tenant has', async () => {
    const owner = { username: 'boss', password: randomUUID(), email: 'boss@acme.example', firstname: 'Robin', lastname: 'Okafor', provisioningMethod: 'inline-password' };
    await services.post('/api/server/v1/tenants', { domain: 'acme.example', owners: [owner] });
    const { address } = await mailed('tenants');
    const told = [{ address: address.toUpperCase(), kind: 'hard', reason }, { address: 'stranger@example.com', kind: 'hard', reason }, { messageId: `<${randomUUID()}@id.example.com>`, kind: 'hard', reason }, { messageId: '<7@elsewhere>', kind: 'hard', reason }];
    expect(await report('own', own(told))).toEqual({ status: 200, body: null });
    expect([await onList(address), await onList('stranger@example.com'), await onList(address, `/t/acme.example${suppressed}`)]).toEqual([[expect.objectContaining({ kind: 'hard' })], [], []]);
  });

  it('is noted at most twenty times of each kind at one mail: a secret that is lost fills no table', async () => {
    const mail = await mailed('many');
    const told = Array.from({ length: 30 }, (_, day) => ({ messageId: mail.messageId, kind: 'soft', reason, at: new Date(Date.parse(at) + day * 86_400_000).toISOString() }));
    expect((await report('own', own(told))).status).toBe(200);
    expect(await bouncesOf(mail.id)).toHaveLength(20);
  });
});

describe('a report that is not to be believed', () => {
  const victim = { address: 'forged@example.com', kind: 'hard', reason } as const;
  const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  const bounced = { event: 'failed', severity: 'permanent', reason: 'bounce', timestamp: then, recipient: victim.address };
  const event = { event: 'bounce', email: victim.address, timestamp: then };
  const told = own([victim]);

  it('gets one answer, whether there is such a webhook or not, and changes nothing', async () => {
    await mailed('forged');
    const forged: readonly (readonly [string, Report])[] = [
      ['nobody', told],
      ['%00', told],
      ['a'.repeat(64), told],
      ['postmark', told],
      ['own', { body: told.body }],
      ['own', { ...told, body: told.body.replace('forged', 'forget') }],
      ['own', { ...told, body: `${told.body} ` }],
      ['own', { ...told, headers: { ...told.headers, 'rekey-timestamp': seconds(1) } }],
      ['own', own([victim], { key: randomUUID() })],
      ['own', own([victim], { minutes: -6 })],
      ['own', own([victim], { minutes: 6 })],
      ['postmark', { body: '{}', headers: basic('admin@carbon.super:admin') }],
      ['postmark', { body: '{}', headers: basic(`rekey:${secret}0`) }],
      ['mailgun', mailgun(bounced, { key: former })],
      ['mailgun', mailgun(bounced, { minutes: -6 })],
      ['mailgun', { body: JSON.stringify({ signature: { timestamp: 7, token: null, signature: [] }, 'event-data': bounced }) }],
      ['mailgun', { body: '[]' }],
      ['sendgrid', sendgrid([event], { key: other })],
      ['ses', { ...ses({}, { eventType: 'Bounce', bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: victim.address }], timestamp: at } }), headers: basic(`events:${former}`) }],
      ['sendgrid', sendgrid([event], { minutes: -6 })],
      ['sendgrid', { ...sendgrid([event]), headers: { 'x-twilio-email-event-webhook-timestamp': seconds(), 'x-twilio-email-event-webhook-signature': 'no signature' } }],
    ];
    for (const [name, sent] of forged) expect([name, await report(name, sent)]).toEqual([name, { status: 403, body: expect.objectContaining({ code: 'RKY-10414', description: (await report('nobody', told)).body?.description }) }]);
    expect(await onList(victim.address)).toEqual([]);
  });

  it('may be one with the token of another', async () => {
    const [mail, next] = [await mailed('token'), await mailed('next')];
    const token = randomUUID();
    const first = mailgun(failed(mail, { severity: 'permanent', reason: 'bounce' }), { token });
    expect((await report('mailgun', first)).status).toBe(200);
    expect(await report('mailgun', mailgun(failed(next, { severity: 'permanent', reason: 'bounce' }), { token }))).toMatchObject({ status: 403, body: { code: 'RKY-10414' } });
    expect((await report('mailgun', first)).status).toBe(200);
    expect([await bouncesOf(mail.id), await onList(next.address)]).toEqual([[expect.objectContaining({ kind: 'hard' })], []]);
  });
});

describe('a report of another form', () => {
  it.each<[string, number, string, Report]>([
    ['too large', 413, 'own', own([{ address: 'kim@example.com', kind: 'hard', reason: 'x'.repeat(256 * 1024) }])],
    ['with too many bounces', 400, 'own', own(Array(501).fill({ address: 'kim@example.com', kind: 'hard', reason }))],
    ['with too many events', 400, 'sendgrid', sendgrid(Array(501).fill({ event: 'open', email: 'kim@example.com', timestamp: then }))],
    ['of another type', 400, 'own', own({ address: 'kim@example.com' })],
    ['with a NUL', 400, 'own', own([{ address: 'k\0m@example.com', kind: 'hard', reason }])],
    ['with a time before all times', 400, 'own', own([{ address: 'kim@example.com', kind: 'hard', reason, at: '0000-01-01T00:00:00Z' }])],
    ['of another source', 400, 'ses', { body: '{"source":"acme","detail":{}}', headers: basic(`events:${secret}`) }],
    ['without JSON', 400, 'postmark', { body: '{', headers: basic(`rekey:${secret}`) }],
    ['with a list for an address', 400, 'postmark', postmark({ RecordType: 'Bounce', Type: 'HardBounce', Email: ['kim@example.com'], BouncedAt: at })],
    ['with a time after all times', 400, 'mailgun', mailgun({ event: 'failed', timestamp: 1e300, recipient: 'kim@example.com' })],
    ['with no time', 400, 'sendgrid', sendgrid([{ event: 'bounce', email: 'kim@example.com', timestamp: 'now' }])],
  ])('%s is answered with %i', async (_, status, name, sent) => {
    expect((await report(name, sent)).status).toBe(status);
  });

  it.each<[string, Report]>([
    ['postmark', postmark({ RecordType: 'Open', Recipient: 'kim@example.com' })],
    ['postmark', postmark({ RecordType: 'Bounce', Type: 'AutoResponder', Email: 'kim@example.com', BouncedAt: at })],
    ['mailgun', mailgun({ event: 'delivered', timestamp: then, recipient: 'kim@example.com' })],
    ['sendgrid', sendgrid([{ event: 'open', email: 'kim@example.com', timestamp: then }])],
    ['sendgrid', sendgrid([{ event: 'bounce', email: 'kim@example.com', timestamp: then, reason: '\0' }])],
    ['ses', ses({}, { eventType: 'Delivery', delivery: { timestamp: at } })],
    ['ses', ses({}, { eventType: 'Complaint', complaint: { complaintFeedbackType: 'not-spam', complainedRecipients: [{ emailAddress: 'kim@example.com' }], timestamp: at } })],
    ['own', own([])],
  ])('of %s about something else is taken, and changes nothing', async (name, sent) => {
    expect(await report(name, sent)).toEqual({ status: 200, body: null });
  });
});
