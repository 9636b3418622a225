import { eventDataSchemas, isEventType, schemaVersion, type EventType } from './event-data.ts';
import type { EventRecord, RecoveryEvent } from './recovery-event.ts';
import { EventVerifier } from './signature.ts';
import type { JsonWebKey } from 'node:crypto';

export interface TrustedPublisher {
  readonly source: string;
  /** Ed25519, with a `kid`. */
  readonly publicKey: JsonWebKey & { kid: string };
  /** URL prefixes that this publisher's links may start with. */
  readonly linkBases: readonly string[];
}

export type ReadResult =
  | { readonly kind: 'event'; readonly event: RecoveryEvent }
  /** Nothing of it may be acted on; `reason` is for an operator. */
  | { readonly kind: 'unreadable'; readonly reason: string };

const maxValueBytes = 256 * 1024;

/** Reads records that anyone with access to the topic may have written: believes only what a listed publisher signed. */
export class EventReader {
  private readonly publishers: ReadonlyMap<string, { verifier: EventVerifier; linkBases: readonly string[] }>;

  constructor(publishers: readonly TrustedPublisher[]) {
    this.publishers = new Map(publishers.map(({ source, publicKey, linkBases }) => [source, { verifier: new EventVerifier(publicKey), linkBases }]));
  }

  read(record: Pick<EventRecord, 'headers'> & { value: Buffer | null }): ReadResult {
    const { headers, value } = record;
    if (!value || value.length === 0) return unreadable('the record has no value');
    if (value.length > maxValueBytes) return unreadable(`the value has ${value.length} bytes, at most ${maxValueBytes} are read`);
    const [id, source, type, subject, time, dataschema] = ['ce_id', 'ce_source', 'ce_type', 'ce_subject', 'ce_time', 'ce_dataschema'].map((name) => headers[name]);
    if (!id || !source || !type || !subject || !time || !dataschema) return unreadable('a CloudEvents attribute is missing: expected ce_id, ce_source, ce_type, ce_subject, ce_time, ce_dataschema');

    const publisher = this.publishers.get(source);
    if (!publisher) return unreadable(`the publisher "${source}" is not listed in [[event_publisher]]`);
    if (!headers['ce_signature']) return unreadable('the event is not signed');
    const refusal = publisher.verifier.refusalOf(headers['ce_signature'], { id, source, type, subject, time, dataschema }, value);
    if (refusal) return unreadable(refusal);

    if (!isEventType(type)) return unreadable(`unknown event type "${type}"`);
    const version = /^urn:rekey:schema:[A-Za-z]+:(\d+)\.\d+$/.exec(dataschema)?.[1];
    if (Number(version) !== schemaVersion.major) return unreadable(`unsupported schema version: ${dataschema}`);
    if (!uuid.test(id) || !uuid.test(subject)) return unreadable('ce_id and ce_subject must be UUIDs');
    return this.readData(type, { id, source, subject, time }, headers['traceparent'], value, publisher.linkBases);
  }

  private readData(type: EventType, attributes: { id: string; source: string; subject: string; time: string }, traceparent: string | undefined, value: Buffer, linkBases: readonly string[]): ReadResult {
    const parsed = eventDataSchemas[type].safeParse(parseJson(value));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return unreadable(`the data is not a ${type}: ${issue?.path.join('.') || 'data'}: ${issue?.message ?? 'invalid'}`);
    }
    const data = parsed.data;
    if ('user' in data && data.user.id !== attributes.subject) return unreadable('ce_subject is not the user of the data');
    if ('linkBase' in data && !linkBases.some((base) => liesBelow(data.linkBase, base))) return unreadable(`the link base ${data.linkBase} is not allowed for ${attributes.source}`);
    // The schema of `type` has just accepted `data`: the pair is one of the union, which TypeScript cannot follow through the map.
    return { kind: 'event', event: { ...attributes, type, data, ...(traceparent === undefined ? {} : { traceparent }) } as RecoveryEvent };
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function unreadable(reason: string): ReadResult {
  return { kind: 'unreadable', reason };
}

/** `https://ok.test.evil` and `https://ok.test@evil` do not lie below `https://ok.test`: origins are compared whole. */
function liesBelow(link: string, base: string): boolean {
  const [target, allowed] = [new URL(link), new URL(base)];
  const folder = allowed.pathname.endsWith('/') ? allowed.pathname : `${allowed.pathname}/`;
  return target.origin === allowed.origin && target.username === '' && target.password === '' && (target.pathname === allowed.pathname || target.pathname.startsWith(folder));
}

function parseJson(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    return undefined;
  }
}
