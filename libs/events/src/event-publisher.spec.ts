import { eventExamples } from './event-examples.ts';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventPublisher, type PublishingTransport } from './event-publisher.ts';
import { accountChanged, accountConfirmationRequested, accountLocked, accountUnlocked, passwordRecovered, passwordRecoveryRequested, recoveryVoided, usernameRecoveryRequested } from './publication.ts';
import { EventRefusedError, throughHttp, throughKafka, type KafkaProducer } from './publishing-transports.ts';
import type { EventRecord } from './recovery-event.ts';
import { SecretOpener } from './sealed-secret.ts';
import { recordOf, structuredEvent } from './structured-event.ts';
import { EventReader } from './event-reader.ts';
import { aSealingKey, aSigningKey, linkBase, source } from './testing/a-publisher.ts';

const [signing, sealing] = [aSigningKey(), aSealingKey()];
const reader = new EventReader([{ source, publicKey: signing.publicKey, linkBases: [linkBase] }]);
const { user, recipient } = eventExamples.PasswordRecoveryRequested;
const expiresAt = '2026-11-25T11:00:00Z';

function aPublisherOver(transport: PublishingTransport): EventPublisher {
  return new EventPublisher({ source, signingKey: signing.privateKey, sealingKey: sealing.publicKey, transport });
}

const aRequest = (secret = 'the key') => passwordRecoveryRequested({ user, recipient, secret, generation: 1, linkBase, expiresAt });

describe('publishing an event', () => {
  const records: EventRecord[] = [];
  const publisher = aPublisherOver({ publish: async (record) => void records.push(record) });
  const mail = { user, recipient, linkBase, expiresAt };
  beforeEach(() => records.splice(0));

  it.each([
    passwordRecoveryRequested({ ...mail, secret: 'the key', generation: 3 }),
    accountConfirmationRequested({ ...mail, secret: 'the key' }),
    usernameRecoveryRequested(mail),
    passwordRecovered({ ...mail, recoveryId: eventExamples.PasswordRecovered.recoveryId, generation: 3, recipient: null }),
    recoveryVoided({ user, generation: 3, reason: 'password-changed' }),
    accountLocked({ ...mail, reason: 'administrator', unlocksAt: null }),
    accountUnlocked({ ...mail, reason: 'time' }),
    accountChanged({ ...mail, templateType: 'passwordchanged', change: 'password' }),
  ])('of the type $type gives a record that readers believe, and its id', async (publication) => {
    const eventId = await publisher.publish<typeof publication.type>(publication, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    expect(reader.read(records[0]!)).toMatchObject({ kind: 'event', event: { id: eventId, type: publication.type, source, subject: user.id, traceparent: expect.stringMatching(/^00-/) } });
    expect(records[0]!.key).toBe(user.id);
  });

  it('seals the secret to the notification service, for this recovery alone', async () => {
    await publisher.publish(aRequest('not to be seen'));
    const [record] = records;
    expect(JSON.stringify(record!.headers) + record!.value.toString()).not.toContain('not to be seen');
    const { sealedSecret, recoveryId } = JSON.parse(record!.value.toString()) as { sealedSecret: string; recoveryId: string };
    expect(await (await SecretOpener.from([sealing.privateKey])).open(sealedSecret, recoveryId)).toBe('not to be seen');
  });

  it('is refused before anything leaves, where readers would refuse it', async () => {
    await expect(publisher.publish(passwordRecoveryRequested({ ...mail, secret: 'the key', generation: 0 }))).rejects.toThrow(/generation/);
    await expect(publisher.publish(usernameRecoveryRequested({ ...mail, linkBase: 'javascript:alert(1)' }))).rejects.toThrow(/expected an http or https URL/);
    expect(records).toEqual([]);
  });

  it('gives the record alone to whoever has an outbox of its own', () => {
    const { eventId, record } = publisher.record(aRequest());
    expect(reader.read(record)).toMatchObject({ kind: 'event', event: { id: eventId } });
    expect(records).toEqual([]);
  });
});

describe('publishing over Kafka', () => {
  it('sends one message to the topic of recoveries, with the user as its key, and waits for all replicas', async () => {
    const sent: Parameters<KafkaProducer['send']>[0][] = [];
    const eventId = await aPublisherOver(throughKafka({ send: async (batch) => sent.push(batch) })).publish(aRequest());
    expect(sent).toMatchObject([{ topic: 'recovery.events.v1', acks: -1, messages: [{ key: user.id, headers: { ce_id: eventId } }] }]);
    expect(reader.read(sent[0]!.messages[0]!).kind).toBe('event');
  });

  it('fails where the producer does', async () => {
    await expect(aPublisherOver(throughKafka({ send: () => Promise.reject(new Error('no broker')) })).publish(aRequest())).rejects.toThrow('no broker');
  });
});

describe('publishing over HTTP', () => {
  const bodies: string[] = [];
  const asked: IncomingMessage[] = [];
  let answers: RequestListener[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      bodies.push(body);
      (answers.shift() ?? accepted)(request, response);
    });
  });
  const accepted: RequestListener = (_request, response) => void response.writeHead(202).end();
  const refused = (status: number, body: string): RequestListener => (_request, response) => void response.writeHead(status).end(body);
  const hangsUp: RequestListener = (request) => void request.socket.destroy();
  let publisher: EventPublisher;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    publisher = aPublisherOver(throughHttp({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, attempts: 3, firstPauseMs: 1 }));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    [bodies, asked].forEach((list) => list.splice(0));
    answers = [];
  });

  it('posts one structured CloudEvent, whose bytes are those that were signed', async () => {
    const eventId = await publisher.publish(aRequest());
    expect(asked.map(({ method, url, headers }) => [method, url, headers['content-type']])).toEqual([['POST', '/api/rekey/v1/events', 'application/cloudevents+json']]);
    expect(reader.read(recordOf(structuredEvent.parse(JSON.parse(bodies[0]!))))).toMatchObject({ kind: 'event', event: { id: eventId } });
  });

  it.each([
    ['nobody answers', hangsUp],
    ['there is no room now', refused(503, '{"code":"RKY-10007","description":"away"}')],
    ['too much was asked', refused(429, '')],
    ['a proxy fails', refused(502, '<html>')],
  ])('tries the very same event again where %s', async (_why, failing) => {
    answers = [failing, failing];
    await publisher.publish(aRequest());
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
  });

  it('gives up in the end, with what was said last', async () => {
    answers = [hangsUp, hangsUp, refused(503, '{"code":"RKY-10007","description":"away"}')];
    await expect(publisher.publish(aRequest())).rejects.toThrow('the event was not taken: 503 RKY-10007: away');
  });

  it('does not try again what is refused for good, nor follow to another place', async () => {
    answers = [refused(403, '{"code":"RKY-10410","description":"not listed\\nat all"}')];
    await expect(publisher.publish(aRequest())).rejects.toThrow(new EventRefusedError(403, 'RKY-10410', 'not listed�at all'));
    answers = [refused(400, 'null'), accepted];
    await expect(publisher.publish(aRequest())).rejects.toThrow('the event was not taken: 400');
    answers = Array.from({ length: 3 }, () => (_request, response) => void response.writeHead(307, { location: 'https://evil.test' }).end());
    await expect(publisher.publish(aRequest())).rejects.toThrow();
  });
});
