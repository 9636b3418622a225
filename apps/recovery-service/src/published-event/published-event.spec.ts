import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EventPublisher, EventReader, EventSigner, EventWriter, notificationServiceSource, passwordRecoveryRequested, throughHttp, topics, toStructuredEvent, type EventRecord, type PublishingTransport, type SigningJwk } from '@rekey/events';
import type { IncomingRecord } from '@rekey/messaging';
import { createLogger } from '@rekey/observability';
import { pythonUnavailable, until } from '@rekey/test-kit';
import { Outcomes } from '../outcome/outcome.events.ts';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const pair = generateKeyPairSync('ed25519');
const signingKey: SigningJwk = { ...pair.privateKey.export({ format: 'jwk' }), kid: 'portal-1' };
const linkBase = 'https://portal.example.com/reset';

const listed = (source: string, more = '') => `[[event_publisher]]\nsource = "${source}"\npublic_key = '${JSON.stringify({ ...pair.publicKey.export({ format: 'jwk' }), kid: 'portal-1' })}'\nlink_bases = ["https://portal.example.com"]\n${more}`;
const publishers = listed('urn:example:portal') + listed('urn:example:locks', 'events = ["AccountLocked"]\n') + listed('urn:example:acme', 'tenants = ["acme.example"]\n');
const reconfigured = (limit: number) => `[rate_limit]\nrequests_per_address_per_minute = ${limit}\n${publishers}`;

let service: ServiceUnderTest;
beforeAll(async () => (service = await ServiceUnderTest.start(publishers)));
afterAll(() => service.stop());

const nowhere: PublishingTransport = { publish: async () => undefined };

function aPublisher({ source = 'urn:example:portal', key = signingKey, transport = nowhere }: { source?: string; key?: SigningJwk; transport?: PublishingTransport } = {}): EventPublisher {
  return new EventPublisher({ source, signingKey: key, sealingKey: { ...service.config.keys.sealingPublicKey }, transport });
}

function aRequest(username: string, { secret = 'the key', link = linkBase, id = randomUUID() } = {}) {
  const [user, recipient] = [{ id, username, realm: 'PRIMARY', tenantDomain: 'carbon.super' }, { address: `${username}@example.com`, locale: 'en_US', claims: {} }];
  return passwordRecoveryRequested({ user, recipient, secret, generation: 1, linkBase: link, expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
}

function aRecord(publisher = aPublisher(), request = aRequest('kim')): EventRecord {
  return publisher.record(request).record;
}

const post = (record: EventRecord, changed: object = {}): Promise<Answer> => service.ask('/api/rekey/v1/events', { as: null, body: { ...toStructuredEvent(record), ...changed }, headers: { 'content-type': 'application/cloudevents+json' } });
const codeOf = ({ status, body }: Answer) => [status, (body as ErrorBody | null)?.code];
function anOutcome(source: string, key: SigningJwk, eventId: string = randomUUID()): EventRecord {
  const writer = new EventWriter(source, new EventSigner(key));
  const userId = randomUUID();
  const data = { eventId, eventType: 'PasswordRecoveryRequested', userId, tenantDomain: 'carbon.super', generation: 1, messageId: '<a@b.test>', attempts: 1, detail: '250 ok', at: '2026-11-25T10:00:00Z' };
  return writer.record(writer.event('NotificationSent', userId, data));
}

const outboxRows = async (record: EventRecord) => service.database.query<{ payload: Buffer; headers: object; awaits_outcome: boolean }>('SELECT payload, headers, awaits_outcome FROM outbox WHERE id = $1', [record.headers['ce_id']]);

describe('an event that another service publishes over HTTP', () => {
  it('arrives on the bus as it was signed, with its secret sealed', async () => {
    const publisher = aPublisher({ transport: throughHttp({ baseUrl: service.url }) });
    const eventId = await publisher.publish(aRequest('robin', { secret: 'a key of the portal' }));
    expect(await service.keyOf('robin')).toBe('a key of the portal');
    expect(service.eventsOf('PasswordRecoveryRequested', 'robin')).toMatchObject([{ id: eventId, source: 'urn:example:portal', data: { linkBase } }]);
  });

  it('is kept to the byte, and asked for until its outcome is told', async () => {
    const record = aRecord();
    expect(await post(record)).toMatchObject({ status: 202, text: '' });
    expect(await outboxRows(record)).toEqual([{ payload: record.value, headers: record.headers, awaits_outcome: true }]);
  });

  it('is one event, however often it comes, and all at once', async () => {
    const record = aRecord(aPublisher(), aRequest('sam'));
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(record)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    await until(() => service.eventsOf('PasswordRecoveryRequested', 'sam').length > 0);
    expect((await post(record)).status).toBe(202);
    expect(await outboxRows(record)).toHaveLength(1);
    expect(service.eventsOf('PasswordRecoveryRequested', 'sam')).toHaveLength(1);
  });

  it('does not take the place of another one with its id', async () => {
    const record = aRecord();
    await post(record);
    const writer = new EventWriter('urn:example:portal', new EventSigner(signingKey));
    const other = randomUUID();
    const data = { user: { id: other, username: 'eve', realm: 'PRIMARY', tenantDomain: 'carbon.super' }, generation: 1, reason: 'user-deleted', voidedAt: '2026-11-25T10:00:00Z' } as const;
    expect(codeOf(await post(writer.record(writer.event('RecoveryVoided', other, data, { id: record.headers['ce_id']! }))))).toEqual([409, 'RKY-10413']);
    expect(await outboxRows(record)).toMatchObject([{ payload: record.value }]);
  });
});

describe('an event in CloudEvents’ binary mode', () => {
  const attributesOf = ({ headers }: EventRecord) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace(/^ce_/, 'ce-'), encodeURIComponent(value)]));
  const postBinary = async ({ headers, value }: EventRecord, changed: Record<string, string> = {}) => {
    const answer = await fetch(`${service.url}/api/rekey/v1/events`, { method: 'POST', headers: { ...attributesOf({ headers, key: '', value }), 'content-type': 'application/json', ...changed }, body: new Uint8Array(value) });
    return [answer.status, ((await answer.json().catch(() => null)) as ErrorBody | null)?.code];
  };

  it('is the same event as in structured mode, to the byte', async () => {
    const record = aRecord(aPublisher(), aRequest('käthe'));
    expect(await postBinary(record)).toEqual([202, undefined]);
    expect(await outboxRows(record)).toEqual([{ payload: record.value, headers: record.headers, awaits_outcome: true }]);
    expect((await post(record)).status).toBe(202);
    expect(await outboxRows(record)).toHaveLength(1);
  });

  it('may have attributes in quotes, and structured mode the headers of this one', async () => {
    const quoted = aRecord();
    expect(await postBinary(quoted, { 'ce-source': `"${quoted.headers['ce_source']}"` })).toEqual([202, undefined]);
    const structured = aRecord();
    expect(codeOf(await service.ask('/api/rekey/v1/events', { as: null, body: toStructuredEvent(structured), headers: { ...attributesOf(structured), 'content-type': 'application/cloudevents+json; charset=UTF-8' } }))).toEqual([202, undefined]);
    for (const record of [quoted, structured]) expect(await outboxRows(record)).toMatchObject([{ payload: record.value, headers: record.headers }]);
  });

  it.each<[string, Record<string, string>, (number | string)[]]>([
    ['without a signature', { 'ce-signature': '' }, [400, 'RKY-10001']],
    ['of another CloudEvents', { 'ce-specversion': '0.3' }, [400, 'RKY-10001']],
    ['with an attribute twice', { 'ce-id': `${randomUUID()}, ${randomUUID()}` }, [400, 'RKY-10001']],
    ['with a line break in an attribute', { 'ce-source': 'urn:example:portal%0D%0Ace-type: x' }, [403, 'RKY-10410']],
    ['with its data in an attribute', { 'ce-data_base64': 'e30=', 'ce-datacontenttype': 'text/html', 'ce-id': 'x' }, [400, 'RKY-10001']],
    ['under another id', { 'ce-id': randomUUID() }, [403, 'RKY-10410']],
    ['that cannot be decoded', { 'ce-source': '%E0%A4%A' }, [403, 'RKY-10410']],
    ['with an attribute that is none', { 'ce-secret': 'x' }, [400, 'RKY-10001']],
    ['as a batch', { 'content-type': 'application/cloudevents-batch+json' }, [415, 'RKY-10003']],
    ['as XML', { 'content-type': 'application/xml' }, [415, 'RKY-10003']],
  ])('is refused %s', async (_how, changed, expected) => {
    expect(await postBinary(aRecord(), changed)).toEqual(expected);
  });
});

describe('that a published event has its outcome', () => {
  const outcomes = () => new Outcomes(service.database, new EventReader(service.config.keys.publishers), createLogger('test', { level: 'silent' }));
  const told = (source: string, key: SigningJwk, eventId?: string): IncomingRecord => ({ ...anOutcome(source, key, eventId), topic: topics.notification, partition: 0, offset: '0' });
  const isConfirmed = async (record: EventRecord) => (await service.database.query<{ confirmed: boolean }>('SELECT confirmed_at IS NOT NULL AS confirmed FROM outbox WHERE id = $1', [record.headers['ce_id']]))[0]?.confirmed;

  it('is believed of the notification service alone: else a publisher could call mails sent that never were (S42)', async () => {
    const record = aRecord();
    await post(record);
    await outcomes().accept([told('urn:example:portal', signingKey, record.headers['ce_id'])]);
    expect(await isConfirmed(record)).toBe(false);
    await outcomes().accept([told(notificationServiceSource, service.config.keys.signingPrivateKey!, record.headers['ce_id'])]);
    expect(await isConfirmed(record)).toBe(true);
  });
});

describe('what is refused at the door, and reaches nobody (S42)', () => {
  const stranger: SigningJwk = { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid: 'portal-1' };

  it.each<[string, () => Promise<Answer>, number, string]>([
    ['an event of a publisher that is not listed', () => post(aRecord(aPublisher({ source: 'urn:example:stranger' }))), 403, 'RKY-10410'],
    ['an event that a stranger signs in a publisher’s name', () => post(aRecord(aPublisher({ key: stranger }))), 403, 'RKY-10410'],
    ['other data than was signed', () => post(aRecord(), { data_base64: Buffer.from('{}').toString('base64') }), 403, 'RKY-10410'],
    ['the signature of another event', () => post(aRecord(), { signature: aRecord().headers['ce_signature'] }), 403, 'RKY-10410'],
    ['the same event under another id', () => post(aRecord(), { id: randomUUID() }), 403, 'RKY-10410'],
    ['a link that leads elsewhere', () => post(aRecord(aPublisher(), aRequest('kim', { link: 'https://evil.test/reset' }))), 403, 'RKY-10411'],
    ['a type that the publisher is not listed with', () => post(aRecord(aPublisher({ source: 'urn:example:locks' }))), 403, 'RKY-10411'],
    ['a tenant that the publisher is not listed with', () => post(aRecord(aPublisher({ source: 'urn:example:acme' }))), 403, 'RKY-10411'],
    ['an outcome, which only the notification service knows', () => post(anOutcome('urn:example:portal', signingKey)), 403, 'RKY-10411'],
    ['an unknown type', () => post(signed('PasswordForgotten', {})), 400, 'RKY-10412'],
    ['another version of the contract', () => post(signed('PasswordRecoveryRequested', {}, '2.0')), 400, 'RKY-10412'],
    ['data that are none of their type', () => post(signed('PasswordRecoveryRequested', { generation: 'first' })), 400, 'RKY-10412'],
    ['text that no database takes', () => post(signed('RecoveryVoided', aVoid('k\0m'))), 400, 'RKY-10412'],
    ['what was asked for in the year 0', () => post(signed('RecoveryVoided', { ...aVoid(), voidedAt: '0000-01-01T00:00:00Z' })), 400, 'RKY-10412'],
    ['a secret that is to be asked for later: it would work longer than a day', () => post(signed('PasswordRecoveryRequested', { ...sealedRequest(), requestedAt: inMinutes(10), expiresAt: inMinutes(20) })), 400, 'RKY-10412'],
    ['an event of tomorrow', () => post(signed('RecoveryVoided', aVoid(), '1.0', inMinutes(10))), 400, 'RKY-10412'],
    ['an event of the year 3000', () => post(aRecord(), { time: '3000-01-01T00:00:00Z' }), 400, 'RKY-10001'],
    ['no signature', () => post(aRecord(), { signature: undefined }), 400, 'RKY-10001'],
    ['data that are no base64', () => post(aRecord(), { data_base64: '{}' }), 400, 'RKY-10001'],
    ['an event larger than the bus takes', () => post(aRecord(), { data_base64: 'A'.repeat(400_000) }), 413, 'RKY-10002'],
  ])('%s', async (_what, ask, status, code) => {
    const before = await service.database.query('SELECT count(*) FROM outbox');
    expect(codeOf(await ask())).toEqual([status, code]);
    expect(await service.database.query('SELECT count(*) FROM outbox')).toEqual(before);
  });

  it('whoever forges many soon gets 429, and a listed publisher at the same address does not', async () => {
    await service.reconfigure(reconfigured(3));
    const forged = aRecord(aPublisher({ key: stranger }));
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) statuses.push((await post(forged)).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await post(aRecord())).status).toBe(202);
    await service.reconfigure(reconfigured(1_000_000));
  });

  it('takes what a clock a few minutes ahead has signed', async () => {
    expect((await post(signed('RecoveryVoided', aVoid(), '1.0', inMinutes(4)))).status).toBe(202);
  });

  function inMinutes(minutes: number): string {
    return new Date(Date.now() + minutes * 60_000).toISOString();
  }

  function aVoid(username = 'kim') {
    return { user: { id: randomUUID(), username, realm: 'PRIMARY', tenantDomain: 'carbon.super' }, generation: 1, reason: 'user-deleted', voidedAt: '2026-11-25T10:00:00Z' };
  }

  function sealedRequest(): { readonly user: { readonly id: string } } {
    return JSON.parse(aRecord().value.toString()) as { readonly user: { readonly id: string } }; // as the publisher wrote it
  }

  function signed(type: string, data: object, version = '1.0', time = '2026-11-25T10:00:00Z'): EventRecord {
    const value = Buffer.from(JSON.stringify(data));
    const subject = 'user' in data ? (data.user as { readonly id: string }).id : randomUUID();
    const attributes = { id: randomUUID(), source: 'urn:example:portal', type, subject, time, dataschema: `urn:rekey:schema:${type}:${version}` };
    const headers = Object.fromEntries(Object.entries(attributes).map(([name, text]) => [`ce_${name}`, text]));
    return { key: attributes.subject, value, headers: { ...headers, ce_specversion: '1.0', 'content-type': 'application/json', ce_signature: new EventSigner(signingKey).sign(attributes, value) } };
  }
});

/** Of the examples, over HTTP. */
function run(program: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
  const keys = { REKEY_SIGNING_KEY: JSON.stringify(signingKey), REKEY_SEALING_KEY: JSON.stringify(service.config.keys.sealingPublicKey) };
  return promisify(execFile)(program, args, { env: { ...process.env, ...keys, ...environment } });
}

it('is what the publisher in Node, of the examples, says without Kafka', async () => {
  const { stdout } = await run(process.execPath, [fileURLToPath(new URL('../../../../examples/publish-from-node/publish.mjs', import.meta.url))], { REKEY_URL: service.url });
  await until(() => service.events.some(({ id }) => id === stdout.trim()));
});

(pythonUnavailable() === null ? describe : describe.skip)('the publisher in Python, of the examples', () => {
  const folder = fileURLToPath(new URL('../../../../examples/publish-from-python/', import.meta.url));
  const publish = (source: string) => run('python3', [`${folder}publish.py`, service.url, `${folder}request.json`], { REKEY_SOURCE: source });

  it('is believed, and its secret is opened', async () => {
    const { stdout } = await publish('urn:example:portal');
    await until(() => service.events.some(({ id }) => id === stdout.trim()));
    const ours = service.eventsOf('PasswordRecoveryRequested', 'kim').findIndex(({ id }) => id === stdout.trim());
    expect(await service.keyOf('kim', ours + 1)).toBe('what your page will know again');
  });

  it('says why where it is not', async () => {
    await expect(publish('urn:example:locks')).rejects.toThrow(/not taken: 403 .*RKY-10411/);
  });
});
