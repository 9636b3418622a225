import { createHash } from 'node:crypto';
import { topics, type UnreadableBy } from '@rekey/events';
import type { IncomingRecord, OutboxEntry } from '@rekey/messaging';
import { storableText } from '../storable-text.ts';
import { digestUuid } from './digest-uuid.ts';

/** A record that nothing can be done with, in a form that every column takes, whatever a stranger wrote. */
export interface DeadRecord {
  /** The same record read again, or written a thousand times, is one row. */
  readonly id: string;
  readonly record: IncomingRecord;
  readonly key: string | null;
  /** The first ones, of what a stranger may write without end. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 256 KiB, which is all that would be read anyway. */
  readonly raw: Buffer | null;
  /** Whose fault it is. */
  readonly by: UnreadableBy;
  readonly reason: string;
  readonly timesSeen: number;
}

const maxRawBytes = 256 * 1024;
const maxHeaders = 64;
const maxHeaderCharacters = 4096;
/** All headers together: with the raw bytes they fit the outbox, which would refuse the record otherwise, and its partition would wait for ever. */
const maxHeaderBytes = 64 * 1024;
const maxReasonCharacters = 1024;

export function deadRecord(record: IncomingRecord, by: UnreadableBy, reason: string): DeadRecord {
  return {
    id: recordId(record),
    record,
    key: record.key === null ? null : storableText(record.key, maxHeaderCharacters),
    headers: headersThatFit(record.headers),
    raw: record.value === null ? null : record.value.subarray(0, maxRawBytes),
    by,
    reason: storableText(reason, maxReasonCharacters),
    timesSeen: 1,
  };
}

/** @returns the first ones: a stranger's text may take three times as many bytes here as it had on the bus */
function headersThatFit(headers: IncomingRecord['headers']): Record<string, string> {
  const kept: [string, string][] = [];
  let room = maxHeaderBytes;
  for (const [name, value] of Object.entries(headers).slice(0, maxHeaders)) {
    const header: [string, string] = [storableText(name, maxHeaderCharacters), storableText(value, maxHeaderCharacters)];
    room -= Buffer.byteLength(header[0]) + Buffer.byteLength(header[1]);
    if (room < 0) break;
    kept.push(header);
  }
  return Object.fromEntries(kept);
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

/** @returns an id that comes of the record's bytes alone: a topic that is made anew counts its offsets from zero again */
export function recordId({ topic, key, headers, value }: IncomingRecord): string {
  return digestUuid(createHash('sha256').update(JSON.stringify([topic, key, headers, value === null])).update(value ?? '').digest());
}
