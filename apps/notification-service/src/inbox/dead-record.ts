import { createHash } from 'node:crypto';
import { topics } from '@rekey/events';
import type { IncomingRecord, OutboxEntry } from '@rekey/messaging';
import { storableText } from '../storable-text.ts';

/** A record that nothing can be done with, in a form that every column takes, whatever a stranger wrote. */
export interface DeadRecord {
  /** From the record's bytes: the same record read again, or written a thousand times, is one row. */
  readonly id: string;
  readonly record: IncomingRecord;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** At most 256 KiB, which is all that would be read anyway. */
  readonly raw: Buffer | null;
  readonly reason: string;
  readonly timesSeen: number;
}

const maxRawBytes = 256 * 1024;
const maxHeaders = 64;
const maxHeaderCharacters = 4096;
const maxReasonCharacters = 1024;

export function deadRecord(record: IncomingRecord, reason: string): DeadRecord {
  const headers = Object.entries(record.headers)
    .slice(0, maxHeaders)
    .map(([name, value]) => [storableText(name, maxHeaderCharacters), storableText(value, maxHeaderCharacters)] as const);
  return {
    id: digestUuid(record),
    record,
    key: record.key === null ? null : storableText(record.key, maxHeaderCharacters),
    headers: Object.fromEntries(headers),
    raw: record.value === null ? null : record.value.subarray(0, maxRawBytes),
    reason: storableText(reason, maxReasonCharacters),
    timesSeen: 1,
  };
}

/** Equal records of one batch become one, counted. */
export function mergeDead(records: readonly DeadRecord[]): DeadRecord[] {
  const merged = new Map<string, DeadRecord>();
  for (const dead of records) {
    const known = merged.get(dead.id);
    merged.set(dead.id, known ? { ...known, timesSeen: known.timesSeen + 1 } : dead);
  }
  return [...merged.values()];
}

/** The record as it goes to the dead topic: as it came, and why. */
export function deadEntry({ id, record, key, headers, raw, reason }: DeadRecord): OutboxEntry {
  return {
    id,
    topic: topics.dead,
    record: {
      key: key ?? '',
      headers: { ...headers, rekey_dead_reason: reason, rekey_dead_topic: record.topic, rekey_dead_partition: String(record.partition), rekey_dead_offset: record.offset },
      value: raw ?? Buffer.alloc(0),
    },
    expiresAt: null,
    awaitsOutcome: false,
  };
}

/** A UUID of version 8 (RFC 9562) over the record. */
function digestUuid({ topic, key, headers, value }: IncomingRecord): string {
  const hash = createHash('sha256').update(JSON.stringify([topic, key, headers, value === null])).update(value ?? '').digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
