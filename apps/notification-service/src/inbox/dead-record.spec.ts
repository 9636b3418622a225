import { outboxParameters, type IncomingRecord } from '@rekey/messaging';
import { deadEntry, deadRecord } from './dead-record.ts';

describe('a record for the dead topic', () => {
  const aRecord = (record: Partial<IncomingRecord> = {}): IncomingRecord => ({ topic: 'recovery.events.v1', partition: 3, offset: '17', key: 'kim', headers: {}, value: Buffer.from('junk'), ...record });
  /** What is no UTF-8 arrives as U+FFFD, three bytes for one. */
  const noText = (characters: number): string => '\uFFFD'.repeat(characters);

  it('is as it came, with the reason and the place it came from', () => {
    const { topic, record } = deadEntry(deadRecord(aRecord({ headers: { ce_type: 'Odd' } }), 'malformed', 'no such type'));
    expect(topic).toBe('recovery.events.v1.dead');
    expect(record).toEqual({
      key: 'kim',
      headers: { ce_type: 'Odd', rekey_dead_reason: 'no such type', rekey_dead_topic: 'recovery.events.v1', rekey_dead_partition: '3', rekey_dead_offset: '17' },
      value: Buffer.from('junk'),
    });
  });

  it('fits the bus, however much a stranger wrote: of headers that are too much the first ones are kept', () => {
    const headers = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`${n} ${noText(4_000)}`, noText(4_096)]));
    const entry = deadEntry(deadRecord(aRecord({ key: noText(10_000), headers: { ce_type: 'Odd', ...headers }, value: Buffer.alloc(900_000, 0xff) }), 'malformed', noText(2_000)));
    expect(() => outboxParameters(entry)).not.toThrow();
    expect(entry.record.headers).toMatchObject({ ce_type: 'Odd', rekey_dead_offset: '17' });
    expect(entry.record.value).toHaveLength(256 * 1024);
  });

  it('keeps many small headers all', () => {
    const headers = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`header ${n}`, 'value']));
    expect(deadRecord(aRecord({ headers }), 'malformed', 'no such type').headers).toEqual(headers);
  });
});
