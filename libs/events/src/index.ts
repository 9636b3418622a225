export { topics, type Topic } from './topics.ts';
export { eventDataSchemas, schemaVersion, type EventData, type EventType } from './event-data.ts';
export type { EventRecord, RecoveryEvent, RecoveryEventOf } from './recovery-event.ts';
export { SecretOpener, SecretSealer, SealedSecretError } from './sealed-secret.ts';
export { EventSigner, EventVerifier, type SigningJwk, type Verdict } from './signature.ts';
export { EventWriter } from './event-writer.ts';
export { EventReader, type ReadResult, type TrustedPublisher } from './event-reader.ts';
export { RequestSigner, RequestVerifier, type RequestVerdict, type SignedRequest } from './service-request.ts';
export { mailTemplate, mailTemplateOutcome, mailTemplateRequest, mailTemplateRequestType, templateLocale, templateTypeName, type MailTemplateOutcome, type MailTemplateRequest, type MailTemplateSource } from './mail-template-request.ts';
