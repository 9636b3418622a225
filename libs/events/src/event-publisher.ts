import type { JWK } from 'jose';
import { subjectOf } from './event-data.ts';
import { EventWriter } from './event-writer.ts';
import type { Publication, PublishableType } from './publication.ts';
import type { EventRecord } from './recovery-event.ts';
import { SecretSealer } from './sealed-secret.ts';
import { EventSigner, type SigningJwk } from './signature.ts';

/** The way to Rekey: `throughKafka` or `throughHttp`. The same record may be given to it again: it stays one event. */
export interface PublishingTransport {
  publish(record: EventRecord): Promise<void>;
}

export interface EventPublisherOptions {
  /** A URI that names your service, as `[[event_publisher]]` of Rekey lists it. */
  readonly source: string;
  /** Ed25519, private, with a `kid`; Rekey's operator lists its public part. */
  readonly signingKey: SigningJwk;
  /** X25519, the public part of the notification service's key. */
  readonly sealingKey: JWK;
  readonly transport: PublishingTransport;
}

/**
 * Publishes recovery events of another service.
 *
 * ```ts
 * const publisher = new EventPublisher({ source: 'urn:example:portal', signingKey, sealingKey, transport: throughKafka(producer) });
 * await publisher.publish(passwordRecoveryRequested({ user, recipient, secret, generation, linkBase: 'https://portal.example.com/reset', expiresAt }));
 * ```
 */
export class EventPublisher {
  private readonly writer: EventWriter;
  private readonly sealer: SecretSealer;
  private readonly transport: PublishingTransport;

  /** @throws TypeError where a key is not of its kind, or has no `kid` */
  constructor({ source, signingKey, sealingKey, transport }: EventPublisherOptions) {
    this.writer = new EventWriter(source, new EventSigner(signingKey));
    this.sealer = new SecretSealer(sealingKey);
    this.transport = transport;
  }

  /**
   * @returns the event id, under which `notification.events.v1` says what came of it
   * @throws what `record` and the transport throw: it is not known then whether it was published
   */
  async publish<T extends PublishableType>(publication: Publication<T>, options: { readonly traceparent?: string } = {}): Promise<string> {
    const { eventId, record } = this.record(publication, options);
    await this.transport.publish(record);
    return eventId;
  }

  /**
   * Sealed and signed, and not sent: for an outbox of your own, from which a transport gets it as often as it takes.
   * @throws ZodError, TypeError or RangeError where Rekey would not read it
   */
  record<T extends PublishableType>({ type, data: dataOf }: Publication<T>, options: { readonly traceparent?: string } = {}): { readonly eventId: string; readonly record: EventRecord } {
    const data = dataOf((secret, recoveryId) => this.sealer.seal(secret, recoveryId));
    const event = this.writer.event(type, subjectOf(data), data, options);
    return { eventId: event.id, record: this.writer.record(event) };
  }
}
