import { z } from 'zod';
import { eventDataSchemas, isEventType, laterMinorDataSchemas, maxValueBytes, schemaVersion, subjectOf, type EventData, type EventType } from './event-data.ts';
import { eventTime, isOfTimeToCome } from './event-time.ts';
import { isLinkBase, liesBelow } from './link-base.ts';
import { parseJson } from './parse-json.ts';
import type { EventRecord, RecoveryEvent } from './recovery-event.ts';
import { parseSchemaUrn } from './schema-urn.ts';
import { EventVerifier, type SignedAttributes, type SigningJwk } from './signature.ts';
import { told } from './told.ts';

export interface TrustedPublisher {
  /** May be listed several times, once with each of its keys. */
  readonly source: string;
  /** Ed25519, with a `kid`. */
  readonly publicKey: SigningJwk;
  /** URL prefixes that links signed with this key may start with. */
  readonly linkBases: readonly string[];
  /** What it may say with this key, by type; undefined: anything. */
  readonly eventTypes?: readonly string[] | undefined;
  /** About whose users, by tenant domain; undefined: anyone's. */
  readonly tenants?: readonly string[] | undefined;
}

/** Whose fault it is: a stranger's, or one who pretends; a publisher's that says what it may not; a publisher's that says it wrongly. */
export type UnreadableBy = 'nobody known' | 'not allowed' | 'malformed';

export type ReadResult =
  | { readonly kind: 'event'; readonly event: RecoveryEvent }
  /** Nothing of it may be acted on; `reason` is for an operator, short and without anything of the data's values. */
  | { readonly kind: 'unreadable'; readonly by: UnreadableBy; readonly reason: string };

interface KnownPublisher {
  readonly verifier: EventVerifier;
  /** What each of its keys may say, by `kid`. */
  readonly listedByKid: ReadonlyMap<string, TrustedPublisher>;
}

/** Reads records that anyone with access to the topic may have written: believes only what a listed publisher signed, and never throws. */
export class EventReader {
  private readonly publishers: ReadonlyMap<string, KnownPublisher>;

  /** @throws TypeError where a key is no Ed25519 key, a link base no URL in its canonical spelling, or an event type none */
  constructor(publishers: readonly TrustedPublisher[]) {
    const wrong = publishers.flatMap(({ linkBases }) => linkBases).find((base) => !isLinkBase(base));
    if (wrong !== undefined) throw new TypeError(`expected a link base in its canonical spelling, such as "https://id.example.com", got "${told(wrong)}"`);
    const unknown = publishers.flatMap(({ eventTypes }) => eventTypes ?? []).find((type) => !isEventType(type));
    if (unknown !== undefined) throw new TypeError(`expected an event type such as "PasswordRecoveryRequested", got "${told(unknown)}"`);
    this.publishers = new Map(publishers.map(({ source }) => [source, knownPublisher(publishers.filter((publisher) => publisher.source === source))]));
  }

  /** Of every publisher that is listed. */
  get sources(): readonly string[] {
    return [...this.publishers.keys()];
  }

  /** @param now milliseconds since 1970 */
  read(record: Pick<EventRecord, 'headers'> & { readonly value: Buffer | null }, now = Date.now()): ReadResult {
    const { headers, value } = record;
    if (!value || value.length === 0) return malformed('the record has no value');
    if (value.length > maxValueBytes) return malformed(`the value has ${value.length} bytes, at most ${maxValueBytes} are read`);
    const attributes = attributesOf(headers);
    if (!attributes) return malformed('a CloudEvents attribute is missing: expected ce_id, ce_source, ce_type, ce_subject, ce_time, ce_dataschema');

    const publisher = this.publishers.get(attributes.source);
    if (!publisher) return untrusted(`the publisher "${told(attributes.source)}" is not listed in [[event_publisher]]`);
    if (!headers['ce_signature']) return untrusted('the event is not signed');
    const verdict = publisher.verifier.verify(headers['ce_signature'], attributes, value);
    if (verdict.kind === 'refused') return untrusted(verdict.reason);

    const refusal = attributesRefusal(headers, attributes);
    if (refusal !== null) return malformed(refusal);
    const result = readData(attributes, headers['traceparent'], value, publisher.listedByKid.get(verdict.kid));
    return result.kind === 'event' && isOfTimeToCome(result.event, now) ? malformed('the event is of a time to come') : result;
  }
}

function knownPublisher(listed: readonly TrustedPublisher[]): KnownPublisher {
  return {
    verifier: new EventVerifier(listed.map(({ publicKey }) => publicKey)),
    listedByKid: new Map(listed.map((publisher) => [publisher.publicKey.kid, publisher])),
  };
}

function attributesOf(headers: EventRecord['headers']): SignedAttributes | null {
  const [id, source, type, subject, time, dataschema] = ['id', 'source', 'type', 'subject', 'time', 'dataschema'].map((name) => headers[`ce_${name}`]);
  return id && source && type && subject && time && dataschema ? { id, source, type, subject, time, dataschema } : null;
}

const uuid = z.guid();
const jsonMediaType = /^application\/json\s*(;|$)/i;

function attributesRefusal(headers: EventRecord['headers'], { id, subject, time }: SignedAttributes): string | null {
  if (headers['ce_specversion'] !== '1.0') return `expected CloudEvents 1.0, got "${told(headers['ce_specversion'] ?? '')}"`;
  if (!jsonMediaType.test(headers['content-type'] ?? '')) return `expected application/json, got "${told(headers['content-type'] ?? '')}"`;
  if (!uuid.safeParse(id).success || !uuid.safeParse(subject).success) return 'ce_id and ce_subject must be UUIDs';
  return eventTime.safeParse(time).success ? null : `ce_time is not a time: "${told(time)}"`;
}

function readData({ id, source, type, subject, time, dataschema }: SignedAttributes, traceparent: string | undefined, value: Buffer, publisher: TrustedPublisher | undefined): ReadResult {
  if (!isEventType(type)) return malformed(`unknown event type "${told(type)}"`);
  const schema = schemaOf(type, dataschema);
  if (!schema) return malformed(`unsupported schema version: ${told(dataschema)}`);
  const parsed = schema.safeParse(parseJson(value));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return malformed(`the data is not a ${type}: ${told(issue?.path.map(String).join('.') || 'data')}: ${told(issue?.message ?? 'invalid')}`);
  }
  const data = parsed.data;
  if (subjectOf(data) !== subject) return malformed('ce_subject is not the user of the data');
  const refusal = allowanceRefusal(type, data, publisher);
  if (refusal !== null) return notAllowed(`${refusal} is not allowed for ${told(source)}`);
  // The schema of `type` has just accepted `data`: the pair is one of the union, which TypeScript cannot follow through the map.
  return { kind: 'event', event: { id, source, subject, time, type, data, ...(traceparent === undefined ? {} : { traceparent }) } as RecoveryEvent };
}

/** @returns what the publisher may not say; null where it may */
function allowanceRefusal(type: EventType, data: EventData<EventType>, { linkBases = [], eventTypes, tenants }: Partial<TrustedPublisher> = {}): string | null {
  if (eventTypes && !eventTypes.includes(type)) return `a ${type}`;
  const tenant = 'user' in data ? data.user.tenantDomain : data.tenantDomain;
  if (tenants && !tenants.includes(tenant)) return `the tenant ${told(tenant)}`;
  // Its origin alone is told: by a publisher's slip the rest might hold a key.
  if ('linkBase' in data && !linkBases.some((base) => liesBelow(data.linkBase, base))) return `a link below ${told(new URL(data.linkBase).origin)}`;
  return null;
}

/** @returns null where this build does not know the version */
function schemaOf(type: EventType, dataschema: string) {
  const schema = parseSchemaUrn(dataschema);
  if (schema?.type !== type || schema.major !== schemaVersion.major) return null;
  return schema.minor > schemaVersion.minor ? laterMinorDataSchemas[type] : eventDataSchemas[type];
}

function untrusted(reason: string): ReadResult {
  return { kind: 'unreadable', by: 'nobody known', reason };
}

function notAllowed(reason: string): ReadResult {
  return { kind: 'unreadable', by: 'not allowed', reason };
}

function malformed(reason: string): ReadResult {
  return { kind: 'unreadable', by: 'malformed', reason };
}
