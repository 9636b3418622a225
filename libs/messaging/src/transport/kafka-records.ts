import type { EventRecord } from '@rekey/events';
import type { KafkaMessage } from 'kafkajs';
import { bytesOf } from '../record-size.ts';
import type { IncomingRecord } from './event-transport.ts';

/** Well below the 1 MiB that a broker takes at once for a partition, even where all records fall into the same one. */
const maxBytesAtOnce = 768 * 1024;

/** Splits what is to be published, in order, so that a broker takes each part; a record that is larger alone stands alone. */
export function partsOf(records: readonly EventRecord[]): EventRecord[][] {
  const parts: EventRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const bytes = bytesOf(record);
    const part = parts.at(-1);
    if (part && bytes <= room) part.push(record);
    else {
      parts.push([record]);
      room = maxBytesAtOnce;
    }
    room -= bytes;
  }
  return parts;
}

/** Text is read as UTF-8, and what is not becomes U+FFFD: whoever wrote it fails the checks of the reader, not the consumer. */
export function incoming(topic: string, partition: number, { offset, key, headers, value }: KafkaMessage): IncomingRecord {
  const texts: [string, string][] = [];
  for (const [name, header] of Object.entries(headers ?? {})) {
    const first = Array.isArray(header) ? header[0] : header;
    if (first !== undefined && first !== null) texts.push([name, first.toString()]);
  }
  return { topic, partition, offset, key: key?.toString() ?? null, headers: Object.fromEntries(texts), value };
}
