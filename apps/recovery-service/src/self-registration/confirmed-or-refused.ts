import type { User } from '@rekey/identity';
import { ApiError } from '../http/error-catalogue.ts';
import { operationRefused } from '../http/refused-by-own-rule.ts';
import type { ConfirmationOutcome } from './self-registration.ts';

/** @throws ApiError where nothing was confirmed */
export function confirmedOrRefused(outcome: ConfirmationOutcome): User {
  switch (outcome.kind) {
    case 'confirmed':
      return outcome.user;
    case 'key-not-live':
      throw new ApiError('18001');
    case 'refused':
      throw operationRefused(outcome);
  }
}
