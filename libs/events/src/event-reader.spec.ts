import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { eventDataSchemas, maxValueBytes, type EventType } from './event-data.ts';
import { eventExamples } from './event-examples.ts';
import { EventReader, type ReadResult, type TrustedPublisher } from './event-reader.ts';
import type { EventRecord, RecoveryEvent } from './recovery-event.ts';
import { aPublisher, aRequest, aSigningKey, linkBase, signedRecord, source } from './testing/a-publisher.ts';

const { writer, reader, signer, publicKey } = aPublisher();

function aRecord(): EventRecord {
  const data = aRequest();
  return writer.record(writer.event('PasswordRecoveryRequested', data.user.id, data));
}

function reasonOf(record: Parameters<EventReader['read']>[0], from: EventReader = reader): string {
  const result = from.read(record);
  if (result.kind === 'event') throw new Error(`expected a refusal, got ${JSON.stringify(result.event)}`);
  return result.reason;
}

function eventOf(result: ReadResult): RecoveryEvent {
  if (result.kind === 'unreadable') throw new Error(`expected an event, got "${result.reason}"`);
  return result.event;
}

/** Signed as it should be, with this in place of the data's own fields. */
function signedRequest(fields: Record<string, unknown>, attributes: Parameters<typeof signedRecord>[2] = {}): EventRecord {
  const data = { ...aRequest(), ...fields };
  return signedRecord(signer, data, { subject: data.user.id, ...attributes });
}

describe('reading what was written', () => {
  const { writer, reader } = aPublisher({ linkBases: ['https://portal.example.com', linkBase] });

  it.each(Object.keys(eventDataSchemas) as EventType[])('gives back a %s as it was', (type) => {
    const data = eventExamples[type];
    const subject = 'user' in data ? data.user.id : data.userId;
    const event = writer.event(type, subject, data, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    expect(reader.read(writer.record(event))).toEqual({ kind: 'event', event });
  });

  it('gives back any text of a person, whatever letters it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => name !== '__proto__'), fc.string({ unit: 'grapheme', maxLength: 100 }), { noNullPrototype: true }), (username, claims) => {
        const data = aRequest({ recipient: { address: 'kim@example.com', locale: 'fr_FR', claims } });
        const event = writer.event('PasswordRecoveryRequested', data.user.id, { ...data, user: { ...data.user, username } });
        expect(eventOf(reader.read(writer.record(event)))).toEqual(event);
      }),
    );
  });
});

describe('an event of another time', () => {
  const at = (time: string) => Date.parse(time);

  it('is read however old it is, and a day ahead of a clock that is wrong', () => {
    const record = signedRequest({ requestedAt: '2026-11-25T10:00:00Z', expiresAt: '2026-11-25T11:00:00Z' }, { time: '2026-11-25T10:00:00Z' });
    for (const now of ['2030-01-01T00:00:00Z', '2026-11-24T10:00:00Z']) expect(reader.read(record, at(now)).kind).toBe('event');
    expect(reader.read(record, at('2026-11-24T08:59:59Z'))).toMatchObject({ kind: 'unreadable', by: 'malformed', reason: 'the event is of a time to come' });
  });

  it('is refused where its secret is to be asked for later, whenever it was signed', () => {
    const later = signedRequest({ requestedAt: '2026-12-24T10:00:00Z', expiresAt: '2026-12-24T11:00:00Z' }, { time: '2026-11-25T10:00:00Z' });
    expect(reader.read(later, at('2026-11-25T10:00:00Z'))).toMatchObject({ kind: 'unreadable', reason: 'the event is of a time to come' });
  });

  it.each([`2026-11-25T10:00:00.${'0'.repeat(60)}Z`, '0000-01-01T00:00:00Z', '1999-12-31T23:59:59Z', '9999-12-31T23:59:59Z', '2026-11-25T10:00:00+01:00'])('is refused at %s', (time) => {
    expect(reasonOf(signedRequest({}, { time }))).toBe(`ce_time is not a time: "${time}"`);
    expect(reasonOf(signedRequest({ requestedAt: time }))).toMatch(/requestedAt/);
  });
});

describe('an event that somebody changed', () => {
  it.each([
    ['ce_id', randomUUID(), 'the signature is for another id'],
    ['ce_type', 'RecoveryVoided', 'the signature is for another type'],
    ['ce_subject', randomUUID(), 'the signature is for another subject'],
    ['ce_time', '2020-01-01T00:00:00Z', 'the signature is for another time'],
    ['ce_dataschema', 'urn:rekey:schema:PasswordRecoveryRequested:1.3', 'the signature is for another dataschema'],
    ['ce_source', 'urn:example:stranger', 'the publisher "urn:example:stranger" is not listed in [[event_publisher]]'],
    ['ce_specversion', '0.3', 'expected CloudEvents 1.0, got "0.3"'],
    ['content-type', 'application/avro', 'expected application/json, got "application/avro"'],
  ])('in %s is refused', (header, text, reason) => {
    const record = aRecord();
    expect(reasonOf({ ...record, headers: { ...record.headers, [header]: text } })).toBe(reason);
  });

  it.each(['ce_id', 'ce_source', 'ce_type', 'ce_subject', 'ce_time', 'ce_dataschema'])('by taking %s away is refused', (header) => {
    const { [header]: _taken, ...headers } = aRecord().headers;
    expect(reasonOf({ ...aRecord(), headers })).toMatch(/^a CloudEvents attribute is missing/);
  });

  it('in any one byte of its data is refused', () => {
    const record = aRecord();
    fc.assert(
      fc.property(fc.nat(record.value.length - 1), fc.integer({ min: 1, max: 255 }), (position, difference) => {
        const value = Buffer.from(record.value);
        value[position] = (value[position] ?? 0) ^ difference;
        expect(reasonOf({ ...record, value })).toBe('the signature does not match the data');
      }),
    );
  });

  it('with the data and signature of another event is refused under its own attributes', () => {
    const [victim, other] = [aRecord(), aRecord()];
    expect(reasonOf({ ...victim, value: other.value })).toBe('the signature does not match the data');
    expect(reasonOf({ value: other.value, headers: { ...victim.headers, ce_signature: other.headers['ce_signature'] ?? '' } })).toBe('the signature is for another id');
  });

  it('and was signed by one listed publisher in the name of another is refused', () => {
    const other = aPublisher({ source: 'urn:example:other' });
    const both = new EventReader([{ source, publicKey, linkBases: [linkBase] }, { source: 'urn:example:other', publicKey: other.publicKey, linkBases: [linkBase] }]);
    const data = aRequest();
    expect(reasonOf(signedRecord(other.signer, data, { subject: data.user.id, source }), both)).toBe('the signature does not match the data');
  });
});

describe('an event from nobody', () => {
  it('without a signature is refused', () => {
    const { ce_signature: _taken, ...headers } = aRecord().headers;
    expect(reasonOf({ ...aRecord(), headers })).toBe('the event is not signed');
  });

  it('with a key that is not listed is refused, also when it takes a listed kid', () => {
    const stranger = aPublisher({ kid: 'another' });
    const data = aRequest();
    expect(reasonOf(signedRecord(stranger.signer, data, { subject: data.user.id }))).toBe('signed with the unknown key "another"');
    expect(reasonOf(signedRecord(aPublisher().signer, data, { subject: data.user.id }))).toBe('the signature does not match the data');
  });
});

describe('a publisher that changes from one key to the next', () => {
  const next = aPublisher({ kid: 'signing-2' });
  const rotating = new EventReader([
    { source, publicKey, linkBases: [linkBase] },
    { source, publicKey: next.publicKey, linkBases: ['https://new.test'] },
  ]);
  const signedBy = (by: typeof signer, base: string): ReadResult => {
    const data = aRequest({ linkBase: base });
    return rotating.read(signedRecord(by, data, { subject: data.user.id }));
  };

  it('is believed with each of them, below the link bases of that key', () => {
    expect(signedBy(signer, linkBase).kind).toBe('event');
    expect(signedBy(next.signer, 'https://new.test/reset').kind).toBe('event');
    expect(signedBy(next.signer, linkBase)).toEqual({ kind: 'unreadable', by: 'not allowed', reason: `a link below https://ok.test is not allowed for ${source}` });
  });

  it('has another kid for each', () => {
    expect(() => new EventReader([{ source, publicKey, linkBases: [] }, { source, publicKey: aSigningKey().publicKey, linkBases: [] }])).toThrow('expected another "kid" for each key of a publisher');
  });
});

describe('the link base of an event', () => {
  const read = (base: string): ReadResult => reader.read(signedRequest({ linkBase: base }));

  it.each(['https://ok.test/app', 'https://ok.test/app/', 'https://ok.test/app/reset', 'https://ok.test/app/t/acme.test/reset'])('may be %s where https://ok.test/app is allowed', (base) => {
    expect(read(base).kind).toBe('event');
  });

  it.each(['https://ok.test.evil/app', 'https://evil.test/app', 'https://ok.test', 'https://ok.test/apps', 'https://ok.test/ap', 'http://ok.test/app', 'https://ok.test:8443/app', 'https://ok.test/APP', 'https://www.ok.test/app', 'https://evil.test/https://ok.test/app'])(
    'is refused when it is %s',
    (base) => {
      expect(read(base)).toEqual({ kind: 'unreadable', by: 'not allowed', reason: `a link below ${new URL(base).origin} is not allowed for ${source}` });
    },
  );

  it('may be anything of an origin that is allowed whole', () => {
    const { signer: own, reader: wide } = aPublisher({ linkBases: ['https://ok.test'] });
    const data = aRequest({ linkBase: 'https://ok.test/anything' });
    expect(wide.read(signedRecord(own, data, { subject: data.user.id })).kind).toBe('event');
    expect(wide.read(signedRecord(own, { ...data, linkBase: 'https://ok.test.evil/' }, { subject: data.user.id })).kind).toBe('unreadable');
  });

  it('is refused for a publisher that has none', () => {
    const { signer: own, reader: none } = aPublisher({ linkBases: [] });
    const data = aRequest();
    expect(none.read(signedRecord(own, data, { subject: data.user.id })).kind).toBe('unreadable');
  });

  it('is a URL in the configuration, or the reader is not made', () => {
    for (const base of ['ok.test', 'https://ok.test/?a', 'HTTPS://ok.test', '']) expect(() => aPublisher({ linkBases: [base] })).toThrow(/^expected a link base in its canonical spelling/);
  });
});

describe('what a publisher may say', () => {
  const listed = { source, publicKey, linkBases: [linkBase] };
  const readWith = (allowed: Pick<TrustedPublisher, 'eventTypes' | 'tenants'>): ReadResult => new EventReader([{ ...listed, ...allowed }]).read(aRecord());

  it('is anything of anyone, unless something is listed', () => {
    expect(readWith({}).kind).toBe('event');
    expect(readWith({ eventTypes: ['PasswordRecoveryRequested'], tenants: ['carbon.super'] }).kind).toBe('event');
  });

  it('is no other type, and of no other tenant, than its key is listed with', () => {
    expect(readWith({ eventTypes: ['AccountLocked'] })).toEqual({ kind: 'unreadable', by: 'not allowed', reason: `a PasswordRecoveryRequested is not allowed for ${source}` });
    expect(readWith({ tenants: ['acme.example'] })).toEqual({ kind: 'unreadable', by: 'not allowed', reason: `the tenant carbon.super is not allowed for ${source}` });
    expect(readWith({ eventTypes: [] }).kind).toBe('unreadable');
  });

  it('has types that there are, or the reader is not made', () => {
    expect(() => new EventReader([{ ...listed, eventTypes: ['PasswordForgotten'] }])).toThrow('expected an event type such as "PasswordRecoveryRequested", got "PasswordForgotten"');
  });
});

describe('versions of the contract', () => {
  const version = (text: string) => ({ dataschema: `urn:rekey:schema:PasswordRecoveryRequested:${text}` });
  const later = { colour: 'blue', user: { ...aRequest().user, nickname: 'K' } };

  it('of a higher minor are read, without the fields that this build does not know', () => {
    const data = { ...aRequest(), ...later, recipient: { ...aRequest().recipient, pronoun: 'they' } };
    const event = eventOf(reader.read(signedRecord(signer, data, { subject: data.user.id, ...version('1.7') })));
    expect(event.data).toEqual({ ...data, colour: undefined, user: { ...data.user, nickname: undefined }, recipient: { ...data.recipient, pronoun: undefined } });
    expect(eventDataSchemas.PasswordRecoveryRequested.safeParse(event.data).success).toBe(true);
  });

  it('of a higher minor must still have what this build needs, and links where they may lead', () => {
    expect(reasonOf(signedRequest({ ...later, generation: 'first' }, version('1.7')))).toMatch(/^the data is not a PasswordRecoveryRequested: generation: /);
    expect(reasonOf(signedRequest({ ...later, linkBase: 'https://evil.test' }, version('1.7')))).toMatch(/^a link below https:\/\/evil\.test is not allowed/);
  });

  it('of this minor have no other fields: they would be a slip', () => {
    expect(reasonOf(signedRequest({ colour: 'blue' }))).toBe('the data is not a PasswordRecoveryRequested: data: Unrecognized key: "colour"');
    expect(reasonOf(signedRequest({ user: { ...aRequest().user, nickname: 'K' } }))).toBe('the data is not a PasswordRecoveryRequested: user: Unrecognized key: "nickname"');
  });

  it.each(['2.0', '0.9', '10.0', '1', '1.0.0', '01x.0', '1.0 ', '-1.0', '9999999999.0', ''])('%j is put aside as unsupported, to be replayed after an upgrade (F35)', (text) => {
    expect(reasonOf(signedRequest({}, version(text)))).toBe(`unsupported schema version: urn:rekey:schema:PasswordRecoveryRequested:${text}`);
  });

  it('belong to the type that the event has', () => {
    expect(reasonOf(signedRequest({}, { dataschema: 'urn:rekey:schema:RecoveryVoided:1.0' }))).toBe('unsupported schema version: urn:rekey:schema:RecoveryVoided:1.0');
  });

  it.each(['PasswordForgotten', 'toString', '__proto__', 'passwordRecoveryRequested'])('do not have the type %s', (type) => {
    expect(reasonOf(signedRequest({}, { type, dataschema: `urn:rekey:schema:${type}:1.0` }))).toBe(`unknown event type "${type}"`);
  });
});

describe('a signed event with a fault of its publisher', () => {
  it.each([
    [{ generation: 0 }, 'generation: '],
    [{ generation: 1.5 }, 'generation: '],
    [{ user: null }, 'user: '],
    [{ user: [] }, 'user: '],
    [{ recoveryId: 'first' }, 'recoveryId: '],
    [{ channel: 'SMS' }, 'channel: '],
    [{ expiresAt: 'tomorrow' }, 'expiresAt: '],
    [{ expiresAt: '2026-11-25T11:00:00+01:00' }, 'expiresAt: '],
    [{ requestedAt: '2026-02-30T11:00:00Z' }, 'requestedAt: '],
    [{ expiresAt: '2026-11-26T10:02:00Z' }, 'expiresAt: expected within 24 hours of requestedAt'],
    [{ recipient: { address: '', locale: 'en_US', claims: {} } }, 'recipient.address: '],
    [{ recipient: { address: 'a@b.test', locale: 'en_US', claims: { age: 7 } } }, 'recipient.claims.age: '],
    [{ sealedSecret: 'the key itself' }, 'sealedSecret: expected a JWE in compact form'],
    [{ linkBase: 'https://ok.test/app#key=the-key-itself' }, 'linkBase: expected an http or https URL'],
    [{ linkBase: 'javascript:alert(1)' }, 'linkBase: expected an http or https URL'],
    [{ properties: { note: 'x'.repeat(1025) } }, 'properties.note: '],
  ])('is refused with the field at fault and none of its values: %j', (fields, reason) => {
    const record = signedRecord(signer, { ...aRequest(), user: { ...aRequest().user, id: randomUUID() }, ...fields });
    expect(reasonOf(record)).toContain(`the data is not a PasswordRecoveryRequested: ${reason}`);
    expect(reasonOf(record)).not.toContain('the-key-itself');
    expect(reasonOf(record)).not.toContain('the key itself');
  });

  it('is refused where it speaks of another person than its subject', () => {
    expect(reasonOf(signedRequest({}, { subject: randomUUID() }))).toBe('ce_subject is not the user of the data');
    const outcome = eventExamples.NotificationSent;
    expect(reasonOf(signedRecord(signer, outcome, { type: 'NotificationSent', dataschema: 'urn:rekey:schema:NotificationSent:1.0' }))).toBe('ce_subject is not the user of the data');
  });

  it.each([
    [{ id: 'first' }, 'ce_id and ce_subject must be UUIDs'],
    [{ subject: 'kim' }, 'ce_id and ce_subject must be UUIDs'],
    [{ time: 'yesterday' }, 'ce_time is not a time: "yesterday"'],
    [{ time: '2026-11-25' }, 'ce_time is not a time: "2026-11-25"'],
  ])('is refused with the attributes %j', (attributes, reason) => {
    expect(reasonOf(signedRequest({}, attributes))).toBe(reason);
  });

  it('does not reach a prototype', () => {
    const text = JSON.stringify(aRequest());
    const subject = String((JSON.parse(text) as { user: { id: string } }).user.id);
    const read = (json: string) => reader.read(signedRecord(signer, Buffer.from(json), { subject }));
    expect(read(text.replace('{', '{"__proto__":{"admin":true},')).kind).toBe('unreadable');
    const kept = eventOf(read(text.replace('"properties":{}', '"properties":{"__proto__":"x","a":"b"}'))).data;
    expect('properties' in kept && kept.properties).toEqual({ a: 'b' });
  });
});

describe('a record that is no event', () => {
  it('is refused when it is a tombstone, empty or too large', () => {
    const { headers } = aRecord();
    expect(reasonOf({ headers, value: null })).toBe('the record has no value');
    expect(reasonOf({ headers, value: Buffer.alloc(0) })).toBe('the record has no value');
    expect(reasonOf(signedRecord(signer, Buffer.alloc(maxValueBytes + 1)))).toBe('the value has 262145 bytes, at most 262144 are read');
  });

  it.each([
    ['no JSON', Buffer.from('{"broken')],
    ['binary junk', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ['a byte order mark', Buffer.from(`\uFEFF${JSON.stringify(aRequest())}`)],
    ['a text', Buffer.from('"text"')],
    ['null', Buffer.from('null')],
    ['a list', Buffer.from('[]')],
    ['deep', Buffer.from('['.repeat(120_000) + ']'.repeat(120_000))],
    ['deep in a field', Buffer.from(`{"user":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}}`)],
  ])('is refused when its signed value is %s', (_what, value) => {
    expect(reasonOf(signedRecord(signer, value))).toMatch(/^the data is not a PasswordRecoveryRequested: /);
  });

  it('is refused in one short line, whatever stands in it', () => {
    const long = `\n\r\u2028${'x'.repeat(100_000)}`;
    for (const header of ['ce_source', 'ce_type', 'ce_dataschema', 'ce_signature', 'ce_specversion', 'content-type']) {
      const record = aRecord();
      expectShortLine(reasonOf({ ...record, headers: { ...record.headers, [header]: long } }));
    }
    for (const attributes of [{ type: long }, { dataschema: long }, { time: long }]) expectShortLine(reasonOf(signedRequest({}, attributes)));
    expectShortLine(reasonOf(signedRequest({ [long]: 1 })));
    expectShortLine(reasonOf(signedRequest({ properties: { [long]: 1 } })));
    expectShortLine(reasonOf(signedRequest({ linkBase: `https://${'a.'.repeat(900)}test` })));
  });

  const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom(source, 'PasswordRecoveryRequested', randomUUID(), '2026-11-25T10:00:00Z', 'urn:rekey:schema:PasswordRecoveryRequested:1.0'));
  const names = ['ce_id', 'ce_source', 'ce_type', 'ce_subject', 'ce_time', 'ce_dataschema', 'ce_specversion', 'content-type', 'traceparent'];

  it('never makes the reader throw: any headers, any bytes, any signature header', () => {
    const protectedHeader = fc.oneof(
      fc.json(),
      fc.record({ alg: fc.constant('EdDSA'), b64: fc.constant(false), crit: fc.oneof(fc.constant(['b64']), fc.jsonValue()), kid: fc.oneof(fc.constant('signing-1'), fc.jsonValue(), fc.constant({ toString: null })), ce: fc.jsonValue() }).map((header) => JSON.stringify(header)),
    );
    const signature = fc.oneof(texts, fc.tuple(protectedHeader, fc.string({ unit: 'binary' })).map(([header, bytes]) => `${Buffer.from(header).toString('base64url')}..${Buffer.from(bytes).toString('base64url')}`));
    const headers = fc.record({ ...Object.fromEntries(names.map((name) => [name, texts])), ce_source: fc.constant(source), ce_signature: signature }, { requiredKeys: ['ce_source'] });
    fc.assert(
      fc.property(headers, fc.option(fc.uint8Array({ maxLength: 200 })), (some, bytes) => {
        expectShortLine(reasonOf({ headers: Object.fromEntries(Object.entries(some).filter(([, text]) => text !== undefined)), value: bytes === null ? null : Buffer.from(bytes) }));
      }),
      { numRuns: 1_000 },
    );
  });

  it('never makes the reader throw: any data that a listed publisher signed, of any type and version', () => {
    const fields = fc.dictionary(fc.oneof(fc.constantFrom(...Object.keys(aRequest()), '__proto__', 'toString'), fc.string()), fc.oneof(fc.jsonValue(), texts, fc.webUrl()), { maxKeys: 4 });
    fc.assert(
      fc.property(fc.oneof(fields.map((changed) => ({ ...aRequest(), ...changed })), fc.jsonValue()), fc.constantFrom(...Object.keys(eventDataSchemas)), fc.nat(2), fc.nat(2), (data, type, major, minor) => {
        const result = reader.read(signedRecord(signer, data, { type, dataschema: `urn:rekey:schema:${type}:${major}.${minor}` }));
        if (result.kind === 'unreadable') expectShortLine(result.reason);
      }),
      { numRuns: 500 },
    );
  });

  function expectShortLine(reason: string): void {
    expect(reason.length).toBeLessThan(350);
    expect(reason).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    expect(reason).not.toContain(eventExamples.PasswordRecoveryRequested.sealedSecret);
  }
});
