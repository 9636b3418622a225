import type { EventRecord } from '@rekey/events';

/** What a record takes on the bus: key, headers and value; a broker's limit is for all of it. */
export function bytesOf({ key, headers, value }: EventRecord): number {
  let bytes = value.length + Buffer.byteLength(key);
  for (const [name, text] of Object.entries(headers)) bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  return bytes;
}
