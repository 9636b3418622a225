import { randomUUID } from 'node:crypto';
import { maxValueBytes, type EventData } from './event-data.ts';
import { aPublisher, aRequest, source } from './testing/a-publisher.ts';

const { writer, reader } = aPublisher();

describe('writing an event', () => {
  const data = aRequest();

  it('makes a record in CloudEvents\' Kafka binary mode, with the user id as its key', () => {
    const event = writer.event('PasswordRecoveryRequested', data.user.id, data);
    const record = writer.record(event);
    expect(record.key).toBe(data.user.id);
    expect(JSON.parse(record.value.toString())).toEqual(data);
    expect(record.headers).toEqual({
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_source: source,
      ce_type: 'PasswordRecoveryRequested',
      ce_subject: data.user.id,
      ce_time: event.time,
      ce_dataschema: 'urn:rekey:schema:PasswordRecoveryRequested:1.2',
      ce_signature: expect.stringMatching(/^[\w-]+\.\.[\w-]{86}$/) as string,
    });
  });

  it('takes a new id and the present time, or those that are given', () => {
    const ids = new Set([1, 2, 3].map(() => writer.event('PasswordRecoveryRequested', data.user.id, data).id));
    expect(ids.size).toBe(3);
    const given = { id: randomUUID(), time: '2026-11-25T10:00:00.000Z', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    expect(writer.event('PasswordRecoveryRequested', data.user.id, data, given)).toMatchObject(given);
  });

  it('makes the same record of the same event, byte for byte', () => {
    const event = writer.event('PasswordRecoveryRequested', data.user.id, data);
    expect(writer.record(event)).toEqual(writer.record(event));
  });

  it.each<[string, object]>([
    ['a field that is not in the schema', { colour: 'blue' }],
    ['a key that nobody sealed', { sealedSecret: 'Zm9vYmFyYmF6' }],
    ['a link base with the key in it', { linkBase: 'https://ok.test/app#key=Zm9v' }],
    ['no time', { expiresAt: 'tomorrow' }],
    ['no id', { recoveryId: '1' }],
  ])('refuses %s, and nothing of it is in the error', (_what, fields) => {
    // A caller in JavaScript could.
    const wrong = { ...data, ...fields } as EventData<'PasswordRecoveryRequested'>;
    const message = thrownBy(() => writer.event('PasswordRecoveryRequested', data.user.id, wrong));
    expect(message).not.toBe('');
    expect(message).not.toContain('Zm9v');
  });

  it('refuses what no reader would take: another person\'s data, an id that is none', () => {
    expect(thrownBy(() => writer.event('PasswordRecoveryRequested', randomUUID(), data))).toBe('the subject of a PasswordRecoveryRequested is the user of its data');
    expect(thrownBy(() => writer.event('PasswordRecoveryRequested', data.user.id, data, { id: 'first' }))).toContain('Invalid');
  });

  it('refuses data larger than readers take, and writes what just fits', () => {
    const sized = (count: number) => writer.event('PasswordRecoveryRequested', data.user.id, { ...data, properties: Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 'x'.repeat(1_000)])) });
    const largest = Math.floor(maxValueBytes / 1_010) - 2;
    expect(reader.read(writer.record(sized(largest))).kind).toBe('event');
    expect(thrownBy(() => writer.record(sized(largest + 10)))).toMatch(/^the data of a PasswordRecoveryRequested has \d+ bytes, expected at most 262144$/);
  });

  function thrownBy(act: () => unknown): string {
    try {
      act();
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  }
});
