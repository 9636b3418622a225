import { mailTemplateOutcome, mailTemplateRequestType, type MailTemplateOutcome, type MailTemplateRequest } from '@rekey/events';
import { ApiError, type ErrorCode } from '../http/error-catalogue.ts';
import type { NotificationServiceRequests } from '../notification-service/notification-service-requests.ts';

const codes: Readonly<Record<Extract<MailTemplateOutcome, { kind: `${string}-${string}` }>['kind'], ErrorCode>> = {
  'unknown-type': 'ETM-50002',
  'unknown-template': 'ETM-50003',
  'unknown-version': 'RKY-10004',
  'another-version': 'RKY-10120',
  'template-exists': 'ETM-50004',
  'type-exists': 'ETM-50005',
};

type Granted<Kind> = Extract<MailTemplateOutcome, { kind: Kind }>;

/** What an administrator asks about templates, which the notification service keeps. */
export class MailTemplateRequests {
  constructor(private readonly requests: NotificationServiceRequests) {}

  /** @throws ApiError with what the notification service refused, or RKY-10007 where it is away */
  async ask<Kind extends 'types' | 'type' | 'versions' | 'version' | 'placeholders' | 'preview' | 'test' | 'done'>(request: MailTemplateRequest, expected: Kind): Promise<Granted<Kind>> {
    const outcome = await this.requests.ask(mailTemplateRequestType, request, mailTemplateOutcome);
    switch (outcome.kind) {
      case 'unknown-type':
      case 'unknown-template':
      case 'unknown-version':
      case 'another-version':
      case 'type-exists':
      case 'template-exists':
        throw new ApiError(codes[outcome.kind]);
      case 'refused':
        throw new ApiError('RKY-10001', `Malformed request: ${outcome.reason}.`);
      default:
        if (isOfKind(outcome, expected)) return outcome;
        throw new Error(`the notification service answered "${request.ask}" with "${outcome.kind}"`);
    }
  }
}

function isOfKind<Kind extends MailTemplateOutcome['kind']>(outcome: MailTemplateOutcome, kind: Kind): outcome is Granted<Kind> {
  return outcome.kind === kind;
}
