import { deliveryOutcome, deliveryRequestType, type DeliveryOutcome, type DeliveryRequest } from '@rekey/events';
import { ApiError } from '../http/error-catalogue.ts';
import type { NotificationServiceRequests } from '../notification-service/notification-service-requests.ts';

type Granted<Kind> = Extract<DeliveryOutcome, { kind: Kind }>;

/** What an administrator asks about mails, which the notification service keeps. */
export class DeliveryRequests {
  constructor(private readonly requests: NotificationServiceRequests) {}

  /** @throws ApiError RKY-10004 for a mail that the tenant has not, RKY-10001 for what was refused, RKY-10007 where the notification service is away */
  async ask<Kind extends Exclude<DeliveryOutcome['kind'], 'unknown' | 'refused'>>(request: DeliveryRequest, expected: Kind): Promise<Granted<Kind>> {
    const outcome = await this.requests.ask(deliveryRequestType, request, deliveryOutcome);
    switch (outcome.kind) {
      case 'unknown':
        throw new ApiError('RKY-10004', 'There is no such delivery.');
      case 'refused':
        throw new ApiError('RKY-10001', `Malformed request: ${outcome.reason}.`);
      default:
        if (isOfKind(outcome, expected)) return outcome;
        throw new Error(`the notification service answered "${request.ask}" with "${outcome.kind}"`);
    }
  }
}

function isOfKind<Kind extends DeliveryOutcome['kind']>(outcome: DeliveryOutcome, kind: Kind): outcome is Granted<Kind> {
  return outcome.kind === kind;
}
