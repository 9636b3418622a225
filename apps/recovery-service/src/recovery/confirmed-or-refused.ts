import type { Refused } from '@rekey/governance';
import type { User } from '@rekey/identity';
import { ApiError } from '../http/error-catalogue.ts';
import { operationRefused } from '../http/refused-by-own-rule.ts';

export type ConfirmationOutcome = { readonly kind: 'confirmed'; readonly user: User } | { readonly kind: 'key-not-live' } | Refused;

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
