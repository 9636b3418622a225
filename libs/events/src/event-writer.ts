import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { eventDataSchemas, maxValueBytes, schemaVersion, subjectOf, type EventData, type EventType } from './event-data.ts';
import type { EventRecord, RecoveryEventOf } from './recovery-event.ts';
import { schemaUrn } from './schema-urn.ts';
import type { EventSigner } from './signature.ts';

/** Makes signed records of one publisher. */
export class EventWriter {
  constructor(
    private readonly source: string,
    private readonly signer: EventSigner,
  ) {}

  /**
   * @param subject the user id, the same as in the data
   * @throws ZodError or TypeError where readers would refuse it: a fault of the caller, nothing is published
   */
  event<T extends EventType>(type: T, subject: string, data: EventData<T>, options: { id?: string; time?: string; traceparent?: string } = {}): RecoveryEventOf<T> {
    eventDataSchemas[type].parse(data);
    if (options.id !== undefined) z.guid().parse(options.id);
    if (subjectOf(data) !== subject) throw new TypeError(`the subject of a ${type} is the user of its data`);
    return {
      id: options.id ?? randomUUID(),
      source: this.source,
      type,
      subject,
      time: options.time ?? new Date().toISOString(),
      ...(options.traceparent === undefined ? {} : { traceparent: options.traceparent }),
      data,
    };
  }

  /**
   * CloudEvents' Kafka binary mode: attributes in `ce_` headers, the data as JSON in the value.
   * @throws RangeError where the data is larger than readers take
   */
  record<T extends EventType>(event: RecoveryEventOf<T>): EventRecord {
    const value = Buffer.from(JSON.stringify(event.data));
    if (value.length > maxValueBytes) throw new RangeError(`the data of a ${event.type} has ${value.length} bytes, expected at most ${maxValueBytes}`);
    const dataschema = schemaUrn(event.type, schemaVersion);
    const attributes = { id: event.id, source: event.source, type: event.type, subject: event.subject, time: event.time, dataschema };
    return {
      key: event.subject,
      value,
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: event.id,
        ce_source: event.source,
        ce_type: event.type,
        ce_subject: event.subject,
        ce_time: event.time,
        ce_dataschema: dataschema,
        ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
        ce_signature: this.signer.sign(attributes, value),
      },
    };
  }
}
