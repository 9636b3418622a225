import { z } from 'zod';
import { maxValueBytes } from './event-data.ts';
import { eventTime } from './event-time.ts';
import type { EventRecord } from './recovery-event.ts';
import { text } from './storable-text.ts';

/**
 * One event as HTTP carries it: CloudEvents' structured mode, JSON format 1.0. The data stands in `data_base64` and not in `data`, since the
 * signature is over its bytes, which a JSON parser on the way would not keep.
 */
export const structuredEvent = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.guid(),
  source: text(255),
  type: text(127),
  subject: z.guid(),
  time: eventTime,
  dataschema: text(255),
  datacontenttype: z.literal('application/json'),
  /** https://www.w3.org/TR/trace-context/#traceparent-header */
  traceparent: z.string().regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, 'expected a W3C traceparent').optional(),
  /** The detached JWS of `EventSigner`, as in the `ce_signature` header of a record. */
  signature: z.string().max(4096).regex(/^[\w-]+\.\.[\w-]+$/, 'expected a detached JWS in compact form'),
  data_base64: z.base64().max(Math.ceil(maxValueBytes / 3) * 4),
});

export type StructuredEvent = z.output<typeof structuredEvent>;

/** The media type of one; receivers of Rekey take `application/json` too. */
export const structuredEventType = 'application/cloudevents+json';

/** What is no attribute: the content type of the data, and the trace, which is not signed. */
const plainHeaders = { 'content-type': 'datacontenttype', traceparent: 'traceparent' } as const satisfies Readonly<Record<string, keyof StructuredEvent>>;

/** @throws ZodError where it is no record of an `EventWriter` */
export function toStructuredEvent({ headers, value }: EventRecord): StructuredEvent {
  const attributes: [string, string][] = Object.entries(headers).map(([name, told]) => [isPlain(name) ? plainHeaders[name] : name.replace(/^ce_/, ''), told]);
  return structuredEvent.parse({ ...Object.fromEntries(attributes), data_base64: value.toString('base64') });
}

/** The same event as a record of a topic, to the byte: the signature holds for both. Nothing is checked by this. */
export function recordOf({ data_base64: data, datacontenttype, traceparent, ...attributes }: StructuredEvent): EventRecord {
  const headers = Object.entries(attributes).map(([name, told]): [string, string] => [`ce_${name}`, told]);
  return {
    key: attributes.subject,
    headers: { 'content-type': datacontenttype, ...Object.fromEntries(headers), ...(traceparent === undefined ? {} : { traceparent }) },
    value: Buffer.from(data, 'base64'),
  };
}

function isPlain(name: string): name is keyof typeof plainHeaders {
  return Object.hasOwn(plainHeaders, name);
}
