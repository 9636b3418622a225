import { eventDataSchemas, isEventType, maxValueBytes, schemaVersion, type EventType } from './event-data.ts';
import { eventExamples } from './event-examples.ts';
import { eventSummaries, jsonSchemaOf, type JsonSchema } from './event-schema.ts';
import { schemaUrn } from './schema-urn.ts';
import { notificationServiceSource, topics } from './topics.ts';

export interface AsyncApiMessage {
  readonly name: EventType;
  readonly summary: string;
  readonly payload: JsonSchema;
  readonly examples: readonly [{ readonly payload: unknown }];
  readonly [part: string]: unknown;
}

/** An AsyncAPI 3.0 document, as far as it is written and shown here. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly channels: Readonly<Record<string, { readonly address: string; readonly description: string; readonly messages: Readonly<Record<string, { readonly $ref: string }>> }>>;
  readonly components: { readonly messages: Readonly<Record<string, AsyncApiMessage>> };
  readonly [part: string]: unknown;
}

const types = Object.keys(eventDataSchemas).filter(isEventType);
const outcomes = types.filter((type) => 'eventId' in eventExamples[type]);
const requests = types.filter((type) => !outcomes.includes(type));

/** The contract as AsyncAPI 3.0, made from the schemas that readers check with. What Rekey receives is what others send. */
export function asyncApiDocument(): AsyncApiDocument {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Events',
      version: `${schemaVersion.major}.${schemaVersion.minor}.0`,
      description: `What services tell each other about recoveries: CloudEvents 1.0 in Kafka’s binary mode, signed by their publisher. The value is the data alone, at most ${maxValueBytes} bytes. Over HTTP: POST /api/rekey/v1/events.`,
    },
    defaultContentType: 'application/json',
    channels: {
      recovery: { address: topics.recovery, description: 'What is asked for, and what makes links void: from the recovery service, and from others that [[event_publisher]] lists.', messages: references('components', requests) },
      notification: { address: topics.notification, description: `What came of each mail, from ${notificationServiceSource} alone.`, messages: references('components', outcomes) },
    },
    operations: {
      takeRequests: { action: 'receive', channel: { $ref: '#/channels/recovery' }, messages: Object.values(references('channels/recovery', requests)) },
      tellOutcomes: { action: 'send', channel: { $ref: '#/channels/notification' }, messages: Object.values(references('channels/notification', outcomes)) },
    },
    components: { messages: Object.fromEntries(types.map((type) => [type, messageOf(type)])) },
  };
}

function references(within: string, listed: readonly EventType[]): Readonly<Record<string, { readonly $ref: string }>> {
  return Object.fromEntries(listed.map((type) => [type, { $ref: `#/${within}/messages/${type}` }]));
}

function messageOf(type: EventType): AsyncApiMessage {
  const { $schema: _dialect, $id: _id, examples: _examples, ...payload } = jsonSchemaOf(type);
  return {
    name: type,
    title: type,
    summary: eventSummaries[type],
    contentType: 'application/json',
    headers: headersOf(type),
    payload,
    bindings: { kafka: { key: uuid('The user’s id.') } },
    examples: [{ payload: eventExamples[type] }],
  };
}

/** As `EventWriter` writes them. */
function headersOf(type: EventType): JsonSchema {
  const properties = {
    'content-type': { type: 'string', const: 'application/json' },
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: uuid('New for each event; the same one again is the same event.'),
    ce_source: { type: 'string', description: 'Who says so, as [[event_publisher]] lists it.' },
    ce_type: { type: 'string', const: type },
    ce_subject: uuid('The user’s id, which is the key too.'),
    ce_time: { type: 'string', format: 'date-time' },
    ce_dataschema: { type: 'string', const: schemaUrn(type, schemaVersion) },
    ce_signature: { type: 'string', description: 'A detached JWS (EdDSA) over the value and these attributes.' },
  };
  return { type: 'object', required: Object.keys(properties), properties: { ...properties, traceparent: { type: 'string', description: 'W3C trace context; not signed.' } } };
}

function uuid(description: string): JsonSchema {
  return { type: 'string', format: 'uuid', description };
}
