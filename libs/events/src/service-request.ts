import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { maxValueBytes } from './event-data.ts';
import type { TrustedPublisher } from './event-reader.ts';
import { schemaUrn, type SchemaVersion } from './schema-urn.ts';
import { EventVerifier, type EventSigner, type Verdict } from './signature.ts';
import { told } from './told.ts';

/**
 * What one service asks of the other and cannot wait for on the bus: one HTTP request in CloudEvents' binary mode, signed as an event is. The
 * type is part of what is signed, so no event passes for a request, and no request for another one's.
 */
export interface SignedRequest {
  /** Lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** As long as a signature counts: for the way, and for clocks that differ. */
const freshMs = 60_000;
const requestVersion: SchemaVersion = { major: 1, minor: 0 };

export class RequestSigner {
  constructor(
    private readonly source: string,
    private readonly signer: EventSigner,
  ) {}

  /** @throws RangeError where the body is larger than a verifier takes */
  sign(type: string, asked: unknown): SignedRequest {
    const body = Buffer.from(JSON.stringify(asked));
    if (body.length > maxValueBytes) throw new RangeError(`a ${type} has ${body.length} bytes, expected at most ${maxValueBytes}`);
    const id = randomUUID();
    const attributes = { id, source: this.source, type, subject: id, time: new Date().toISOString(), dataschema: schemaUrn(type, requestVersion) };
    return {
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': id,
        'ce-source': attributes.source,
        'ce-type': type,
        'ce-subject': attributes.subject,
        'ce-time': attributes.time,
        'ce-dataschema': attributes.dataschema,
        'ce-signature': this.signer.sign(attributes, body),
      },
      body,
    };
  }
}

/** Whoever takes it remembers `id` until `lapsesAt`: till then the same request is believed whenever it comes again. */
export type RequestVerdict = { readonly kind: 'believed'; readonly id: string; readonly lapsesAt: Date } | Extract<Verdict, { kind: 'refused' }>;

/** Believes requests of one kind by one publisher, the only one that may make them. */
export class RequestVerifier {
  private readonly verifier: EventVerifier;

  /** @throws TypeError where a key of the asker is no Ed25519 key */
  constructor(
    publishers: readonly TrustedPublisher[],
    private readonly asker: string,
    private readonly type: string,
  ) {
    this.verifier = new EventVerifier(publishers.filter(({ source }) => source === asker).map(({ publicKey }) => publicKey));
  }

  verify({ headers, body }: { readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>; readonly body: Buffer }, now = Date.now()): RequestVerdict {
    const [id, source, type, subject, time, dataschema, signature] = ['id', 'source', 'type', 'subject', 'time', 'dataschema', 'signature'].map((name) => textOf(headers[`ce-${name}`]));
    if (!id || !source || !type || !subject || !time || !dataschema || !signature) return refused('the request is not signed');
    if (source !== this.asker || type !== this.type) return refused(`a ${told(type)} of ${told(source)} is not taken here`);
    // Not "within": a time that is none compares as neither.
    if (!(Math.abs(now - Date.parse(time)) <= freshMs)) return refused(`the signature is of another time: "${told(time)}"`);
    if (!z.uuid().safeParse(id).success) return refused(`the id is no UUID: "${told(id)}"`);
    const verdict = this.verifier.verify(signature, { id, source, type, subject, time, dataschema }, body);
    return verdict.kind === 'refused' ? verdict : { kind: 'believed', id, lapsesAt: new Date(Date.parse(time) + freshMs) };
  }
}

function textOf(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' && header !== '' ? header : null;
}

function refused(reason: string): Extract<Verdict, { kind: 'refused' }> {
  return { kind: 'refused', reason };
}
