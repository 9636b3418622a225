import type { RequestSigner } from '@rekey/events';
import type { z } from 'zod';
import { ApiError } from '../http/error-catalogue.ts';
import { NotificationServiceAway, type AskNotificationService } from './notification-services.ts';

/** Asks the notification service, which believes this service alone, for those whom it does not know: administrators, and who reports bounces. */
export class NotificationServiceRequests {
  constructor(
    private readonly signer: RequestSigner,
    private readonly askNotificationService: AskNotificationService,
  ) {}

  /** @throws ApiError RKY-10007 where it is away */
  async ask<Schema extends z.ZodType>(type: string, asked: unknown, outcome: Schema): Promise<z.output<Schema>> {
    try {
      return outcome.parse(await this.askNotificationService(this.signer.sign(type, asked)));
    } catch (error) {
      throw error instanceof NotificationServiceAway ? new ApiError('RKY-10007') : error;
    }
  }
}
