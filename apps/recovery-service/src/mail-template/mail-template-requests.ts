import { mailTemplateOutcome, mailTemplateRequestType, type MailTemplateOutcome, type MailTemplateRequest, type RequestSigner } from '@rekey/events';
import { ApiError, type ErrorCode } from '../http/error-catalogue.ts';
import { NotificationServiceAway, type AskNotificationService } from './notification-services.ts';

const codes: Readonly<Record<Extract<MailTemplateOutcome, { kind: `${string}-${string}` }>['kind'], ErrorCode>> = {
  'unknown-type': 'ETM-50002',
  'unknown-template': 'ETM-50003',
  'template-exists': 'ETM-50004',
  'type-exists': 'ETM-50005',
};

type Granted<Kind> = Extract<MailTemplateOutcome, { kind: Kind }>;

/** Asks the notification service, which keeps the templates and believes this service alone, for an administrator whom it does not know. */
export class MailTemplateRequests {
  constructor(
    private readonly signer: RequestSigner,
    private readonly askNotificationService: AskNotificationService,
  ) {}

  /** @throws ApiError with what the notification service refused, or RKY-10007 where it is away */
  async ask<Kind extends 'types' | 'type' | 'preview' | 'done'>(request: MailTemplateRequest, expected: Kind): Promise<Granted<Kind>> {
    const outcome = mailTemplateOutcome.parse(await this.answerTo(request));
    switch (outcome.kind) {
      case 'unknown-type':
      case 'unknown-template':
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

  private async answerTo(request: MailTemplateRequest): Promise<unknown> {
    try {
      return await this.askNotificationService(this.signer.sign(mailTemplateRequestType, request));
    } catch (error) {
      throw error instanceof NotificationServiceAway ? new ApiError('RKY-10007') : error;
    }
  }
}

function isOfKind<Kind extends MailTemplateOutcome['kind']>(outcome: MailTemplateOutcome, kind: Kind): outcome is Granted<Kind> {
  return outcome.kind === kind;
}
